import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anIssuer, ISSUER_URL, SERVICE, SUBJECT } from "../../../test/support/baseline.ts";
import { ManagementWorld } from "../../../test/support/management-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { err, ok } from "../../domain/result.ts";
import type { SystemChange } from "../store-records.ts";
import { type CredentialFilter, listLiveCredentials } from "./list-credentials.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{}, { name: "acme+other", uid: "other-uid" }] });
});
afterEach(() => world.close());

const OTHER = { robot: "acme+other", robotUid: "other-uid" } as const;
const REVOKED = { kind: "credential.revoked", at: 0, requestId: "set-up" } as const;

const list = (filter: CredentialFilter = {}, limit = 100, after?: string) =>
  listLiveCredentials({ ...world.deps, ledger: world.ledger }, filter, {
    limit,
    ...(after === undefined ? {} : { after }),
  });

async function listed(filter: CredentialFilter = {}) {
  const outcome = await list(filter);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value.credentials;
}

async function changeIssuers(change: Pick<SystemChange, "putIssuers" | "removeIssuers">) {
  const { revision } = await world.directory.readSystem();
  const none = { putRegistries: [], removeRegistries: [] };
  await world.directory.commitSystem({ fromRevision: revision, ...none, ...change, event: REVOKED });
}

const putIssuer = (change: Partial<TrustedIssuer>) =>
  changeIssuers({ putIssuers: [anIssuer(change)], removeIssuers: [] });

it("shows who earned a credential, with what, and no hash and no nonce", async () => {
  const { credential, secret } = await mintCredential(world, { provenance: { run_id: "99" } });
  expect(await list()).toEqual(
    ok({
      credentials: [
        {
          id: credential.id,
          state: "alive",
          robot: "acme+builder",
          ruleId: "rule-1",
          issuer: ISSUER_URL,
          subject: SUBJECT,
          provenance: { run_id: "99" },
          grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }],
          catalog: false,
          issuedAt: world.clock.seconds(),
          expiresAt: world.clock.seconds() + 3600,
        },
      ],
    }),
  );
  const text = JSON.stringify(await list());
  for (const hidden of [credential.hash, secret.expose(), "rule-nonce", "robot-nonce", "robot-uid"]) {
    expect(text).not.toContain(hidden);
  }
});

it("shows the scopes of an API token that was earned", async () => {
  await mintCredential(world, { apiScopes: ["rules:write"], grants: [] });
  expect(await listed()).toMatchObject([{ apiScopes: ["rules:write"], grants: [] }]);
});

describe("the state of a credential", () => {
  it.each<{ what: string; prepare: (id: string) => Promise<unknown>; state: string }>([
    {
      what: "whose record was revoked",
      prepare: (id) => world.ledger.revoke(id, 5, REVOKED),
      state: "revoked",
    },
    {
      what: "whose robot has a new nonce",
      prepare: () => world.put({ robots: [{ nonce: "new" }] }),
      state: "revoked",
    },
    {
      what: "whose robot was made anew",
      prepare: () => world.put({ robots: [{ uid: "new" }] }),
      state: "revoked",
    },
    { what: "whose rule is gone", prepare: () => world.put({ robots: [{ rules: [] }] }), state: "revoked" },
    { what: "whose issuer has a new nonce", prepare: () => putIssuer({ nonce: "new" }), state: "revoked" },
    { what: "whose issuer is disabled", prepare: () => putIssuer({ enabled: false }), state: "revoked" },
    {
      what: "whose issuer is gone",
      prepare: () => changeIssuers({ putIssuers: [], removeIssuers: [ISSUER_URL] }),
      state: "revoked",
    },
    {
      what: "of an epoch that is over",
      prepare: () => world.ledger.startEpoch({ ...REVOKED, kind: "epoch.started" }),
      state: "revoked",
    },
    {
      what: "of under a minute",
      prepare: async () => world.clock.advance(3541_000),
      state: "expired",
    },
    { what: "of a minute", prepare: async () => world.clock.advance(3540_000), state: "alive" },
  ])("$what is $state", async ({ prepare, state }) => {
    const { credential } = await mintCredential(world);
    await prepare(credential.id);
    expect((await listed()).map((entry) => entry.state)).toEqual([state]);
  });

  it("has the time of its revocation", async () => {
    const { credential } = await mintCredential(world);
    await world.ledger.revoke(credential.id, 5, REVOKED);
    expect(await listed()).toMatchObject([{ revokedAt: 5 }]);
  });
});

describe("which are listed", () => {
  it("leaves out those whose time is over", async () => {
    await mintCredential(world);
    world.clock.advance(3600_000);
    expect(await listed()).toEqual([]);
  });

  it("lists those of a namespace, of a robot, or all", async () => {
    await mintCredential(world);
    await mintCredential(world, OTHER);
    await mintCredential(world, { robot: "strange+builder", robotUid: "strange" });
    const robots = async (filter: CredentialFilter) =>
      (await listed(filter)).map(({ robot }) => robot).sort();
    expect(await robots({})).toEqual(["acme+builder", "acme+other", "strange+builder"]);
    expect(await robots({ namespace: "acme" })).toEqual(["acme+builder", "acme+other"]);
    expect(await robots({ namespace: "nobody" })).toEqual([]);
    expect(await robots({ robot: "acme+other" })).toEqual(["acme+other"]);
  });

  it.each(["acme+nobody", "a{c}me+x"] as const)("knows no robot %s", async (robot) => {
    expect(await list({ robot })).toEqual(err({ reason: "robot_unknown", detail: robot }));
  });

  it("lists a page at a time, each one once", async () => {
    const ids = new Set<string>();
    for (let at = 0; at < 5; at += 1) ids.add((await mintCredential(world)).credential.id);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list({}, 2, after);
      if (!page.ok) throw new Error(page.error.reason);
      expect(page.value.credentials.length).toBeLessThanOrEqual(2);
      seen.push(...page.value.credentials.map(({ id }) => id));
      after = page.value.next;
    } while (after !== undefined);
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(ids);
  });

  it("reads each robot of a page once", async () => {
    for (let at = 0; at < 3; at += 1) await mintCredential(world);
    await mintCredential(world, OTHER);
    const reads: string[] = [];
    const directory = {
      readSystem: () => world.directory.readSystem(),
      findAccount: (name: Parameters<typeof world.directory.findAccount>[0]) => {
        reads.push(name);
        return world.directory.findAccount(name);
      },
    };
    await listLiveCredentials({ ...world.deps, directory, ledger: world.ledger }, {}, { limit: 100 });
    expect(reads.toSorted()).toEqual(["acme+builder", "acme+other"]);
  });
});

it("refuses while the store does not answer", async () => {
  world.breakStore();
  expect(await list()).toMatchObject(err({ reason: "store_unavailable" }));
});
