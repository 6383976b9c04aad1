import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule, SERVICE, SUBJECT } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { Credential } from "../../domain/accounts/credential.ts";
import { credentialId, type Secret, shardOfHash } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { err } from "../../domain/result.ts";
import { type Mint, mintCredential } from "./mint-credential.ts";
import { revokeCredential } from "./revoke-credential.ts";
import { verifyIdentityToken } from "./verify-identity-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const grant = {
  grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull"] }],
  catalog: false,
} as const;

async function aMint(token: string, request: Mint["request"] = {}): Promise<Mint> {
  const identity = await verifyIdentityToken(world.deps, token, MAX_IDENTITY_TOKEN_BYTES);
  const account = await world.directory.findAccount("acme+builder");
  const rule = account?.robot.rules[0];
  if (!identity.ok || !account || !rule) throw new Error("the baseline is not valid");
  return { account, rule, identity: identity.value, grant, request, context: CONTEXT };
}

async function mint(token: string, request: Mint["request"] = {}) {
  return mintCredential(world.deps, await aMint(token, request));
}

async function minted(
  token: string,
  request: Mint["request"] = {},
): Promise<{ credential: Secret; record: Credential }> {
  const outcome = await mint(token, request);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

describe("what the ledger is asked", () => {
  it("is the whole exchange in one write", async () => {
    const token = await world.issuer.sign({ jti: "job-1" });
    const { credential, record } = await minted(token);
    const now = world.clock.seconds();
    const replayKey = await sha256Hex(`${world.issuer.url}\0jjob-1`);
    expect(world.redemptions).toEqual([
      {
        shard: shardOfHash(replayKey),
        replayKey,
        reusable: false,
        tokenIssuedAt: now + 1,
        // exp, the tolerance, and a margin of two minutes.
        markExpiresAt: now + 301 + 30 + 120,
        credential: record,
        event: {
          kind: "exchange.granted",
          at: world.clock.now(),
          ...CONTEXT,
          robot: "acme+builder",
          issuer: world.issuer.url,
          subject: SUBJECT,
          provenance: {},
          ruleId: "rule-1",
          credentialId: record.id,
          scope: "repository:acme/app:pull",
        },
        now: world.clock.now(),
      },
    ]);
    expect(await credentialId(credential)).toEqual({ id: record.id, hash: record.hash });
    expect(record.id.slice(0, 2)).toBe(String(shardOfHash(replayKey)).padStart(2, "0"));
  });

  it("holds the hash of a retry key and not the key", async () => {
    const retryKey = "a-retry-key-of-22-or-more";
    await minted(await world.issuer.sign(), { retryKey });
    expect(world.redemptions).toMatchObject([{ retryKeyHash: await sha256Hex(retryKey) }]);
    expect(JSON.stringify(world.redemptions)).not.toContain(retryKey);
  });

  it("keeps a reusable token's credentials in its robot's shard", async () => {
    await world.put({ issuer: { replay: "reusable" } });
    await minted(await world.issuer.sign());
    await minted(await world.issuer.sign());
    const shard = shardOfHash(await sha256Hex("robot-uid"));
    expect(world.redemptions).toMatchObject([
      { shard, reusable: true },
      { shard, reusable: true },
    ]);
  });
});

describe("the lifetime", () => {
  // attack 86
  it.each([
    { rule: 3600, requestedTtl: undefined, seconds: 3600 },
    { rule: 900, requestedTtl: undefined, seconds: 900 },
    { rule: 900, requestedTtl: 300, seconds: 300 },
    { rule: 900, requestedTtl: 3600, seconds: 900 },
  ])("is $seconds s of a rule's $rule s and $requestedTtl asked", async ({ rule, requestedTtl, seconds }) => {
    await world.put({ rule: { ttlSeconds: rule } });
    const { record } = await minted(
      await world.issuer.sign(),
      requestedTtl === undefined ? {} : { requestedTtl },
    );
    expect(record.expiresAt - record.issuedAt).toBe(seconds);
  });
});

describe("a retry", () => {
  const retryKey = "a-retry-key-of-22-or-more";

  it("with the key replaces the first credential", async () => {
    const token = await world.issuer.sign();
    const first = await minted(token, { retryKey });
    const second = await minted(token, { retryKey });
    expect(await world.ledger.findCredential(first.record.id)).toMatchObject({
      credential: { revokedAt: world.clock.seconds() },
    });
    expect(await world.ledger.findCredential(second.record.id)).toEqual({
      credential: second.record,
      epochStands: true,
    });
    expect(await world.grants()).toMatchObject([
      { credentialId: second.record.id, replacedCredentialId: first.record.id },
      { credentialId: first.record.id },
    ]);
  });

  it.each([
    ["without the key", {}],
    ["with another key", { retryKey: "another-key-of-22-or-more" }],
  ])("%s is a replay", async (_, request) => {
    const token = await world.issuer.sign();
    await minted(token, { retryKey });
    expect(await mint(token, request)).toEqual(err({ reason: "token_used" }));
    expect(await world.grants()).toHaveLength(1);
  });
});

describe("refuses, with nothing minted,", () => {
  const rows: {
    change: string;
    records?: BerthChange;
    before: (token: string) => Promise<void>;
    reason: string;
  }[] = [
    {
      change: "a token that was used",
      before: async (token) => void (await minted(token)),
      reason: "token_used",
    },
    {
      change: "a reusable token whose credential was revoked",
      records: { issuer: { replay: "reusable" } },
      before: async (token) => {
        const { credential } = await minted(token);
        await revokeCredential(world.deps, credential.expose(), CONTEXT);
      },
      reason: "token_revoked",
    },
    {
      change: "the twenty-first live credential of reusable tokens",
      records: { issuer: { replay: "reusable" } },
      before: async (token) => {
        for (let count = 0; count < 20; count += 1) await minted(token);
      },
      reason: "too_many_credentials",
    },
    {
      change: "a token from before the ledger's epoch",
      before: async () => {
        world.storeClock.advance(2000);
        await world.ledger.startEpoch({ kind: "epoch.started", at: world.clock.now(), requestId: "epoch" });
      },
      reason: "token_predates_store",
    },
    {
      change: "while the clocks differ",
      before: async () => world.storeClock.advance(10_001),
      reason: "clock_skew",
    },
  ];
  it.each(rows)("$change", async ({ records, before, reason }) => {
    if (records) await world.put(records);
    const token = await world.issuer.sign();
    await before(token);
    const grants = await world.grants();
    expect(await mint(token)).toEqual(err({ reason }));
    expect(await world.grants()).toEqual(grants);
  });

  it("a token whose mark would have expired", async () => {
    const mint = await aMint(await world.issuer.sign());
    const times = { ...mint.identity.times, expiresAt: world.clock.seconds() - 151 };
    const outcome = await mintCredential(world.deps, { ...mint, identity: { ...mint.identity, times } });
    expect(outcome).toEqual(err({ reason: "token_expired" }));
    expect(await world.grants()).toEqual([]);
  });
});

it("mints under the nonces that the rule was chosen by", async () => {
  const mint = await aMint(await world.issuer.sign());
  const rule = aRule({ id: "rule-9", nonce: "nonce-9", issuer: world.issuer.url });
  await mintCredential(world.deps, { ...mint, rule });
  expect(world.redemptions).toMatchObject([
    {
      credential: {
        ruleId: "rule-9",
        nonces: {
          namespace: "namespace-nonce",
          robot: "robot-nonce",
          rule: "nonce-9",
          issuer: "issuer-nonce",
        },
      },
    },
  ]);
});
