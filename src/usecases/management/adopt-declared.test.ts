import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApplyWorld, declaring, OWNED } from "../../../test/support/apply-world.ts";
import { A_JOB } from "../../../test/support/management-world.ts";

let world: ApplyWorld;
beforeEach(async () => {
  world = await ApplyWorld.with({});
});
afterEach(() => world.close());

describe("a declaration that adopts", () => {
  const adopt = { adopt: true };
  it("takes over what is declared and the API made, once", async () => {
    const before = await world.robot();
    expect(before?.managedBy).toBe("api");
    expect(await world.applied(declaring([{}]), adopt)).toEqual([
      "namespace acme changed",
      "robot acme+builder changed",
    ]);
    expect(await world.robot()).toEqual({ ...before, ...OWNED });
    expect(await world.namespace()).toMatchObject(OWNED);
    expect(await world.applied(declaring([{}]), adopt)).toContain("robot acme+builder unchanged");
  });

  it("is another plan than one that does not", async () => {
    const [plain, adopting] = [await world.plan(declaring([])), await world.plan(declaring([]), adopt)];
    if (!plain.ok || !adopting.ok) throw new Error("refused");
    expect(adopting.value.digest).not.toBe(plain.value.digest);
  });

  it.each([
    { by: "who may write robots alone", caller: { scopes: ["robots:write"] } },
    { by: "a job", caller: A_JOB },
  ] as const)("takes no namespace for $by", async ({ caller }) => {
    expect(await world.apply(declaring([{}]), { ...adopt, caller })).toMatchObject({
      ok: false,
      error: { reason: "insufficient_scope", objects: [{ kind: "namespace", name: "acme" }] },
    });
    expect(await world.robot()).toMatchObject({ managedBy: "api" });
    expect(await world.events()).toEqual([]);
  });

  it("takes no robot for who may not write robots", async () => {
    const caller = { scopes: ["rules:write", "permissions:write"] } as const;
    expect(await world.apply(declaring([{}]), { ...adopt, caller })).toMatchObject({
      ok: false,
      error: { objects: [{ kind: "namespace" }, { kind: "robot", sentence: "needs robots:write" }] },
    });
    expect(await world.events()).toEqual([]);
  });
});
