import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { ISSUER_URL, SUBJECT } from "../../../test/support/baseline.ts";
import {
  BOTH_ALIVE,
  BOTH_DEAD,
  CutOffWorld,
  ON_CALL,
  ONE_DEAD,
  OPERATOR,
  RECORDED,
} from "../../../test/support/cut-off-world.ts";
import { A_JOB, AN_OPERATOR, aChangeBy } from "../../../test/support/management-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import { newCredentialSecret } from "../../domain/accounts/secret.ts";
import { err, ok } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { cutOff } from "./cut-off.ts";
import type { CutOffTarget } from "./cut-off-target.ts";

let world: CutOffWorld;
beforeEach(async () => {
  world = await CutOffWorld.start();
});
afterEach(() => world.close());

describe("a credential", () => {
  it("is ended by its id, with the record of who did it", async () => {
    const { id } = await world.mintBoth();
    const what = `credential ${id}`;
    expect(await world.cut({ kind: "credential", id })).toEqual(ok({ ended: 1, what }));
    expect(await world.states()).toEqual(ONE_DEAD);
    expect(await world.cutOffs()).toEqual([
      {
        ...RECORDED,
        at: world.clock.now(),
        actor: "token:1",
        detail: what,
        robot: "acme+builder",
        issuer: ISSUER_URL,
        subject: SUBJECT,
        ruleId: "rule-1",
        credentialId: id,
      },
    ]);
  });

  it("that has ended already is told so, and recorded once", async () => {
    const { id } = await world.mintBoth();
    await world.cut({ kind: "credential", id });
    expect(await world.cut({ kind: "credential", id })).toEqual(
      ok({ ended: 0, what: `credential ${id} had ended already` }),
    );
    expect(await world.cutOffs()).toHaveLength(1);
  });

  it.each<{ what: string; id?: string; context?: ChangeContext }>([
    { what: "that is not there", id: `07${"0".repeat(32)}` },
    { what: "whose id is none", id: "07{s:1}" },
    { what: "of another namespace", context: aChangeBy({ namespaces: ["other"] }) },
    { what: "for who may not", context: aChangeBy({ scopes: ["org:read"] }) },
  ])("$what is unknown", async ({ id, context }) => {
    const credential = await world.mintBoth();
    const asked = id ?? credential.id;
    expect(await world.cut({ kind: "credential", id: asked }, context)).toEqual(
      err({ reason: "credential_unknown", detail: asked }),
    );
    expect(await world.states()).toEqual(BOTH_ALIVE);
    expect(await world.cutOffs()).toEqual([]);
  });

  it("whose id is none is not looked for: a store makes keys of ids", async () => {
    const looked: string[] = [];
    const ledger = Object.assign(Object.create(world.ledger), {
      findCredential: async (id: string) => {
        looked.push(id);
      },
    });
    const known = `07${"0".repeat(32)}`;
    for (const id of ["07{s:1}", known])
      await cutOff({ ...world.cutOffDeps, ledger }, { kind: "credential", id }, ON_CALL);
    expect(looked).toEqual([known]);
  });
});

describe("everything", () => {
  it("that identity tokens earned ends, and robot tokens and API tokens stay", async () => {
    const token = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: false };
    await world.put({ robots: [{ managedBy: "file", token }] });
    const { record } = await addApiToken(world.apiTokens, world.clock.seconds());
    await world.mintBoth();
    const cutOffEverything = await world.cut({ kind: "everything" }, OPERATOR);
    expect(cutOffEverything).toMatchObject(
      ok({ ended: "all", what: expect.stringMatching(/robot tokens and API tokens stay$/) }),
    );
    expect(await world.states()).toEqual(BOTH_DEAD);
    expect((await world.robot())?.token).toEqual(token);
    expect(await world.apiTokens.find(record.id)).toEqual(record);
    expect(await world.cutOffs()).toEqual([
      {
        ...RECORDED,
        at: world.clock.now(),
        actor: "token:2",
        detail: cutOffEverything.ok && cutOffEverything.value.what,
      },
    ]);
  });
});

describe("who may", () => {
  const IN_ACME: readonly CutOffTarget[] = [
    { kind: "robot", name: "acme+builder" },
    { kind: "rule", robot: "acme+builder", ruleId: "rule-1" },
    { kind: "namespace", name: "acme" },
  ];
  const EVERYWHERE: readonly CutOffTarget[] = [
    { kind: "issuer", url: ISSUER_URL },
    { kind: "issuer", url: ISSUER_URL, since: 0 },
    { kind: "everything" },
  ];
  const refuses = async (target: CutOffTarget, caller: Partial<Caller>) => {
    await world.mintBoth();
    expect(await world.cut(target, aChangeBy(caller))).toEqual(err({ reason: "insufficient_scope" }));
    expect(await world.states()).toEqual(BOTH_ALIVE);
    expect(await world.cutOffs()).toEqual([]);
  };

  it.each(IN_ACME)("cut off $kind: those on call in its namespace", async (target) => {
    expect((await world.cut(target, ON_CALL)).ok).toBe(true);
    expect((await world.cut(target, aChangeBy())).ok).toBe(true);
    expect((await world.cut(target, OPERATOR)).ok).toBe(true);
  });

  it.each(IN_ACME)("cut off $kind: not those of another namespace", (target) =>
    refuses(target, { namespaces: ["other"] }),
  );

  it.each(IN_ACME)("cut off $kind: not those who write rules", (target) =>
    refuses(target, { scopes: ["rules:write", "robots:write", "org:read"] }),
  );

  it.each(EVERYWHERE)("cut off $kind: not those of a namespace, nor of all", async (target) => {
    await refuses(target, { namespaces: "all" });
  });

  it.each([...IN_ACME, ...EVERYWHERE])("cut off $kind: not a CI job", (target) =>
    refuses(target, { ...AN_OPERATOR, exchanged: true }),
  );

  it("cut off what they show: not a CI job", async () => {
    const { secret, credential } = await mintCredential(world);
    const job = aChangeBy(A_JOB);
    const refused = err({ reason: "insufficient_scope" });
    expect(await world.cut({ kind: "secret", text: secret.expose() }, job)).toEqual(refused);
    expect(await world.cut({ kind: "credential", id: credential.id }, job)).toEqual(refused);
    expect(await world.states()).toEqual({ "acme+builder": "alive" });
  });
});

it("refuses while the store does not answer", async () => {
  const text = newCredentialSecret(7, world.deps.random).expose();
  world.breakStore();
  expect(await world.cut({ kind: "secret", text })).toMatchObject(err({ reason: "store_unavailable" }));
});
