import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { HOST_OPERATOR } from "../../src/domain/accounts/caller.ts";
import { regenerateRobotToken } from "../../src/usecases/management/regenerate-robot-token.ts";
import { type DeclarationChange, declare } from "../support/applied-declaration.ts";
import { anEvent, SERVICE } from "../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { grantedScopes } from "../support/registry-claims.ts";
import { credentialFor, registryToken, revoke } from "../support/requests.ts";

const SCOPE = "repository:acme/app:pull,push";
const WRITE = { registry: SERVICE, repository: "acme/app", role: "write" } as const;

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
  await declare(berth);
});
afterEach(() => berth.close());

const ask = (password: string) => registryToken(berth.app, { password, scopes: [SCOPE] });
const newCredential = async () => credentialFor(berth.app, await berth.issuer.sign());

async function regenerate(): Promise<string> {
  const deps = { directory: berth.directory, clock: berth.clock, random: webRandom };
  const context = { requestId: "request-1", caller: HOST_OPERATOR };
  const token = await regenerateRobotToken(deps, "acme+builder", {}, context);
  if (!token.ok) throw new Error(token.error.reason);
  return token.value.token.expose();
}

/** Issuers may be one second old. */
const passASecond = () => {
  berth.clock.advance(1000);
  berth.storeClock.advance(1000);
};

interface Row {
  readonly what: string;
  /** Declarations, one after the other. */
  readonly declarations: readonly DeclarationChange[];
}

const row = (what: string, ...declarations: readonly DeclarationChange[]): Row => ({ what, declarations });

const ENDINGS: readonly Row[] = [
  row("its rule is deleted", { rules: [] }),
  row("its rule is disabled", { rules: [{ enabled: false }] }),
  row("its rule is disabled and enabled", { rules: [{ enabled: false }] }, {}),
  row("its rule is deleted and made anew", { rules: [] }, {}),
  row("its rule wants another subject", { rules: [{ subject: "repo:acme/app:ref:refs/heads/dev" }] }),
  row("its rule wants a claim", { rules: [{ claims: { repository_id: ["4711"] } }] }),
  row("its rule wants an audience", { rules: [{ audience: "https://berth.example.com" }] }),
  row("its rule gives less", { rules: [{ permissions: [{ ...WRITE, role: "read" }] }] }),
  row("its rule gives the same in other words", { rules: [{ permissions: [WRITE] }] }),
  row("its rule gives it for a shorter time", { rules: [{ ttlSeconds: 900 }] }),
  row("its robot is disabled", { robots: [{ enabled: false }] }),
  row("its robot is disabled and enabled", { robots: [{ enabled: false }] }, {}),
  row("its robot is deleted", { robots: [] }),
  row("its robot is deleted and made anew", { robots: [] }, {}),
  row("its robot loses a permission", { robots: [{ permissions: [] }] }),
  row("its robot's permission is narrowed", { robots: [{ permissions: [{ ...WRITE, role: "read" }] }] }),
  row("its robot gets the catalogue", { robots: [{ catalog: true }] }),
  row("its namespace is disabled", { namespace: { enabled: false } }),
  row("its namespace is disabled and enabled", { namespace: { enabled: false } }, {}),
  row("its issuer is disabled", { issuers: [{ enabled: false }] }),
  row("its issuer is disabled and enabled", { issuers: [{ enabled: false }] }, {}),
  row("its issuer is deleted", { issuers: [], rules: [] }),
  row("its issuer is deleted and made anew, and its rule", { issuers: [], rules: [] }, {}),
  row("its issuer gets another audience", { issuers: [{ audiences: ["berth"] }] }),
  row("its issuer loses an algorithm", { issuers: [{ algorithms: ["ES256"] }] }),
  row("its issuer may live longer", { issuers: [{ maxLifetimeSeconds: 7200 }] }),
  row("its issuer's tokens are reusable", { issuers: [{ replay: "reusable" }] }),
];

const KEEPINGS: readonly Row[] = [
  row("nothing", {}),
  row("its rule's description", { rules: [{ description: "new words" }] }),
  row("its rule's place", { rules: [{ subject: "repo:acme/other" }, {}] }),
  row("another rule, that is added and deleted", { rules: [{}, { subject: "x" }] }, {}),
  row("its robot's description", { robots: [{ description: "new words" }] }),
  row("its robot's permissions, by one more", {
    robots: [{ permissions: [WRITE, { registry: SERVICE, repository: "acme/new", role: "read" }] }],
  }),
  row("its robot's permission, to a higher role", {
    robots: [{ permissions: [{ ...WRITE, role: "admin" }] }],
  }),
  row("its robot's permission, to a wider name", {
    robots: [{ permissions: [{ ...WRITE, repository: "acme/*" }] }],
  }),
  row(
    "another robot, that is added and disabled",
    { robots: [{}, { name: "acme+other" }] },
    {
      robots: [{}, { name: "acme+other", enabled: false }],
    },
  ),
  row("the order of its issuer's lists", { issuers: [{ algorithms: ["EdDSA", "RS256", "ES256"] }] }),
  row("its registry's lifetime of tokens", { registry: { tokenSeconds: 60 } }),
];

describe("a credential is dead with the next registry token", () => {
  // attack 69, 83, 84
  it.each(ENDINGS)("when $what", async ({ declarations }) => {
    const credential = await newCredential();
    expect(grantedScopes(await ask(credential))).toEqual([SCOPE]);
    for (const change of declarations) await declare(berth, change);
    passASecond();
    const answer = await ask(credential);
    expect([answer.status, berth.log.at(-1)?.reason]).toEqual([401, "credential_revoked"]);
  });

  it.each<{ what: string; end: (credential: string) => Promise<unknown> }>([
    { what: "it is revoked", end: (credential) => revoke(berth.app, credential) },
    { what: "its robot token is made", end: regenerate },
    { what: "a new epoch is started", end: () => berth.ledger.startEpoch(anEvent(berth.clock.now())) },
  ])("when $what", async ({ end }) => {
    const credential = await newCredential();
    await end(credential);
    expect([(await ask(credential)).status, berth.log.at(-1)?.reason]).toEqual([401, "credential_revoked"]);
  });

  it("when its robot is another under the same name, whatever its nonces", async () => {
    const credential = await newCredential();
    await berth.put({ robot: { uid: "another-uid" } });
    expect([(await ask(credential)).status, berth.log.at(-1)?.reason]).toEqual([401, "credential_revoked"]);
  });

  it("and leaves those of other rules alone", async () => {
    const other = "repo:acme/app:ref:refs/heads/dev";
    await declare(berth, { rules: [{}, { subject: other }] });
    const [dead, alive] = [
      await newCredential(),
      await credentialFor(berth.app, await berth.issuer.sign({ sub: other })),
    ];
    await declare(berth, { rules: [{ subject: other }] });
    expect([(await ask(dead)).status, (await ask(alive)).status]).toEqual([401, 200]);
  });
});

describe("a credential lives on, and for what it was minted for, after a change of", () => {
  it.each(KEEPINGS)("$what", async ({ declarations }) => {
    const credential = await newCredential();
    for (const change of declarations) await declare(berth, change);
    passASecond();
    const scopes = [SCOPE, "repository:acme/new:pull", "repository:acme/app:delete"];
    expect(grantedScopes(await registryToken(berth.app, { password: credential, scopes }))).toEqual([SCOPE]);
  });
});

it("a registry token holds what the robot has by then, even if its nonce stayed", async () => {
  const credential = await newCredential();
  const account = await berth.directory.findAccount("acme+builder");
  const records = await berth.directory.readNamespace("acme");
  if (!account || !records) throw new Error("no account");
  const robot = { ...account.robot, permissions: [{ ...WRITE, role: "read" as const }] };
  await berth.directory.commitNamespace({
    name: "acme",
    fromRevision: records.revision,
    namespace: records.namespace,
    putRobots: [robot],
    removeRobots: [],
    event: anEvent(berth.clock.now(), { kind: "directory.changed" }),
  });
  expect(grantedScopes(await ask(credential))).toEqual(["repository:acme/app:pull"]);
});

describe("a robot token is dead", () => {
  it("once another is made", async () => {
    const [first, second] = [await regenerate(), await regenerate()];
    expect([(await ask(first)).status, berth.log.at(-1)?.reason]).toEqual([401, "credentials_invalid"]);
    expect(grantedScopes(await ask(second))).toEqual([SCOPE]);
  });

  it.each<DeclarationChange>([{ robots: [{ enabled: false }] }, { namespace: { enabled: false } }])(
    "while %j",
    async (change) => {
      const token = await regenerate();
      await declare(berth, change);
      expect([(await ask(token)).status, berth.log.at(-1)?.reason]).toEqual([401, "credential_revoked"]);
      await declare(berth);
      expect((await ask(token)).status).toBe(200);
    },
  );

  it("with its robot, also when one is made anew under the name", async () => {
    const token = await regenerate();
    for (const change of [{ robots: [] }, {}]) {
      await declare(berth, change);
      expect([(await ask(token)).status, berth.log.at(-1)?.reason]).toEqual([401, "credentials_invalid"]);
    }
  });
});

describe("an identity token that was used", () => {
  it("is used whatever ended its credential", async () => {
    const token = await berth.issuer.sign();
    await revoke(berth.app, await credentialFor(berth.app, token));
    await declare(berth, { rules: [{ ttlSeconds: 900 }] });
    await expect(credentialFor(berth.app, token)).rejects.toThrow("token_used");
  });
});
