import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule } from "../../../test/support/baseline.ts";
import { BOTH_DEAD, CutOffWorld, ONE_DEAD, OPERATOR, RECORDED } from "../../../test/support/cut-off-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import { err, ok } from "../../domain/result.ts";
import { listLiveCredentials } from "./list-credentials.ts";

let world: CutOffWorld;
beforeEach(async () => {
  world = await CutOffWorld.start();
});
afterEach(() => world.close());

describe("a robot", () => {
  it("loses what identity tokens earned with it, and keeps its token and its content", async () => {
    const token = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: true };
    await world.put({ robots: [{ managedBy: "file", token }] });
    await world.mintBoth();
    const before = await world.robot();
    const what =
      "everything that identity tokens earned with robot acme+builder; its robot token, if it has one, stays";
    expect(await world.cut({ kind: "robot", name: "acme+builder" })).toEqual(ok({ ended: "all", what }));
    expect(await world.states()).toEqual(ONE_DEAD);
    const after = await world.robot();
    expect(after).toEqual({ ...before, nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) });
    expect(await world.cutOffs()).toMatchObject([
      { ...RECORDED, actor: "token:1", namespace: "acme", robot: "acme+builder", detail: what },
    ]);
    expect(JSON.stringify(await world.cutOffs())).not.toContain(after?.nonce);
  });

  it("that is not there is unknown", async () => {
    expect(await world.cut({ kind: "robot", name: "acme+nobody" })).toEqual(
      err({ reason: "robot_unknown", detail: "acme+nobody" }),
    );
  });
});

describe("a rule", () => {
  const RULES = [aRule(), aRule({ id: "rule-2", nonce: "nonce-2", subject: "other" })];

  it("loses what was earned by it, and the robot's other rules nothing", async () => {
    await world.put({ robots: [{ managedBy: "file", rules: RULES }] });
    await mintCredential(world);
    await mintCredential(world, {
      ruleId: "rule-2",
      nonces: { namespace: "namespace-nonce", robot: "robot-nonce", rule: "nonce-2", issuer: "issuer-nonce" },
    });
    const what = "everything that identity tokens earned by rule rule-1 of robot acme+builder";
    expect(await world.cut({ kind: "rule", robot: "acme+builder", ruleId: "rule-1" })).toEqual(
      ok({ ended: "all", what }),
    );
    const listed = await listLiveCredentials(world.cutOffDeps, {}, { limit: 10 });
    const byRule = listed.ok && listed.value.credentials.map(({ ruleId, state }) => `${ruleId} ${state}`);
    expect(byRule ? byRule.toSorted() : []).toEqual(["rule-1 revoked", "rule-2 alive"]);
    expect((await world.robot())?.rules.map(({ id }) => id)).toEqual(["rule-1", "rule-2"]);
    expect(await world.cutOffs()).toMatchObject([{ robot: "acme+builder", ruleId: "rule-1", detail: what }]);
  });

  it("that is not there is unknown", async () => {
    expect(await world.cut({ kind: "rule", robot: "acme+builder", ruleId: "rule-9" })).toEqual(
      err({ reason: "rule_unknown", detail: "rule-9" }),
    );
    expect(await world.cutOffs()).toEqual([]);
  });
});

describe("a namespace", () => {
  const what = "everything that identity tokens earned in namespace acme; its robots' tokens stay";

  it("loses what was earned with any robot of it", async () => {
    await world.mintBoth();
    const before = await world.namespace();
    expect(await world.cut({ kind: "namespace", name: "acme" })).toEqual(ok({ ended: "all", what }));
    expect(await world.states()).toEqual(BOTH_DEAD);
    expect(await world.namespace()).toEqual({ ...before, nonce: expect.stringMatching(/^[\w-]{22}$/) });
    expect(await world.cutOffs()).toEqual([
      { ...RECORDED, at: world.clock.now(), actor: "token:1", namespace: "acme", detail: what },
    ]);
  });

  it("that is not there is unknown", async () => {
    expect(await world.cut({ kind: "namespace", name: "other" }, OPERATOR)).toEqual(
      err({ reason: "namespace_unknown", detail: "other" }),
    );
  });

  it("is tried again when others write it, five times", async () => {
    world.overtake(4);
    expect(await world.cut({ kind: "namespace", name: "acme" })).toEqual(ok({ ended: "all", what }));
    world.overtake(5);
    expect(await world.cut({ kind: "namespace", name: "acme" })).toEqual(
      err({ reason: "conflict", detail: "acme" }),
    );
    expect(await world.cutOffs()).toHaveLength(1);
  });
});
