import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { err } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { type ExchangeRequest, exchangeIdentityToken } from "./exchange-identity-token.ts";

const SUBJECT = "repo:acme/app:ref:refs/heads/main";
const OURS = {
  sub: SUBJECT,
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  event_name: "push",
  ref: "refs/heads/main",
};
/** The same names, given up by us and taken by somebody else. */
const THEIRS = { ...OURS, repository_id: "815", repository_owner_id: "9" };
const PINS = { "rule-1": { repository_id: "4711", repository_owner_id: "42" } };
const DRIFT =
  "rule rule-1: pinned repository_id 4711, repository_owner_id 42; shown repository_id 815, repository_owner_id 9";

const MATCHED = ["system.findIssuer", "verifier.verify", "directory.findAccount"];
const FIRST_USE = [...MATCHED, "directory.pinIdentity"];

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld(records({}));
});
afterEach(() => world.close());

/** The baseline's robot, with one rule that pins. */
function records(rule: BerthChange["rule"]): BerthChange {
  return { issuer: { profile: "github" }, rule: { subject: SUBJECT, pin: "first-use", ...rule } };
}

async function exchange(
  claims: Record<string, unknown>,
  request: Partial<ExchangeRequest> = {},
  directory: Directory = world.deps.directory,
) {
  const subjectToken = await world.issuer.sign(claims);
  const robot = "acme+builder" as const;
  const whole = { subjectToken, maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES, robot, scopes: [], ...request };
  world.takeSteps();
  return exchangeIdentityToken({ ...world.deps, directory }, whole, CONTEXT);
}

const pins = async () => (await world.directory.findAccount("acme+builder"))?.pins;
const pinEvents = async () =>
  (await world.ledger.readEvents(100)).filter(({ kind }) => kind === "identity.pinned");

describe("the first match", () => {
  it("records the ids before the token is used up, and leaves an event", async () => {
    expect(await exchange(OURS)).toMatchObject({ ok: true });
    expect(world.takeSteps()).toEqual([...FIRST_USE, "ledger.redeem"]);
    expect(await pins()).toEqual(PINS);
    expect(await pinEvents()).toEqual([
      {
        kind: "identity.pinned",
        at: world.clock.now(),
        ...CONTEXT,
        robot: "acme+builder",
        issuer: world.issuer.url,
        subject: SUBJECT,
        ruleId: "rule-1",
        detail: "repository_id 4711, repository_owner_id 42",
      },
    ]);
  });

  it.each([
    ["of a rule that does not pin", { pin: undefined }],
    [
      "of a rule that names the ids itself",
      { claims: { repository_id: ["4711"], repository_owner_id: ["42"] } },
    ],
  ])("%s records nothing, and costs nothing", async (_, change) => {
    const { pin, ...rule } = aRule({ issuer: world.issuer.url, subject: SUBJECT });
    await world.put({
      ...records({}),
      robot: { rules: ["pin" in change ? rule : { ...rule, pin: "first-use", ...change }] },
    });
    expect(await exchange(OURS)).toMatchObject({ ok: true });
    expect(world.takeSteps()).toEqual([...MATCHED, "ledger.redeem"]);
    expect(await pins()).toBeUndefined();
  });

  it.each<{ what: string; claims: Record<string, unknown>; rule?: BerthChange["rule"]; detail: string }>([
    {
      what: "the token lacks an id",
      claims: { ...OURS, repository_owner_id: undefined },
      detail: "rule rule-1: nothing to pin: claim repository_owner_id",
    },
    {
      what: "the rule has no name to pin for",
      claims: OURS,
      rule: { subject: "**" },
      detail: "rule rule-1: nothing to pin: no name with an id behind it in the rule",
    },
  ])("is none when $what", async ({ claims, rule, detail }) => {
    if (rule) await world.put(records(rule));
    expect(await exchange(claims)).toEqual(err({ reason: "no_match", detail, profile: "github" }));
    expect(world.takeSteps()).toEqual([...MATCHED, "trail.add", "clock.waitUntil"]);
    expect(await pins()).toBeUndefined();
    expect(await world.grants()).toEqual([]);
  });

  it("is none when the robot is gone since it was read", async () => {
    const { directory } = world.deps;
    const account = await directory.findAccount("acme+builder");
    const late: Directory = Object.assign(Object.create(directory), { findAccount: async () => account });
    await world.put({ ...records({}), robot: { uid: "another-uid" } });
    const detail = "rule rule-1: the robot account is gone";
    expect(await exchange(OURS, {}, late)).toEqual(err({ reason: "no_match", detail, profile: "github" }));
    expect(await world.grants()).toEqual([]);
  });
});

describe("from then on", () => {
  beforeEach(async () => {
    expect(await exchange(OURS)).toMatchObject({ ok: true });
  });

  it("the same ids pass, without another store call", async () => {
    expect(await exchange({ ...OURS, actor_id: "7" })).toMatchObject({ ok: true });
    expect(world.takeSteps()).toEqual([...MATCHED, "ledger.redeem"]);
    expect(await pinEvents()).toHaveLength(1);
  });

  it("other ids are no match, late, on record with both identities, and nothing is minted", async () => {
    const verifiedAt = world.clock.now();
    expect(await exchange(THEIRS)).toEqual(err({ reason: "no_match", detail: DRIFT, profile: "github" }));
    expect(world.takeSteps()).toEqual([...MATCHED, "trail.add", "clock.waitUntil"]);
    expect(world.clock.waits).toEqual([verifiedAt + 100]);
    expect(world.trail).toEqual([
      {
        kind: "exchange.refused",
        at: verifiedAt,
        ...CONTEXT,
        reason: "no_match",
        detail: DRIFT,
        robot: "acme+builder",
        issuer: world.issuer.url,
        subject: SUBJECT,
      },
    ]);
    expect(await world.grants()).toHaveLength(1);
    expect(await pins()).toEqual(PINS);
  });

  it("other ids are no match for a scope that is not granted either", async () => {
    const scopes = parseDockerScopes(["repository:acme/other:pull"]);
    expect(await exchange(THEIRS, { scopes })).toMatchObject({ error: { reason: "no_match" } });
    expect(await exchange(OURS, { scopes })).toMatchObject({ error: { reason: "scope_not_granted" } });
  });

  it("other ids are no match for a later rule that would take them", async () => {
    const rule = aRule({ issuer: world.issuer.url, subject: SUBJECT });
    await world.put({
      ...records({}),
      robot: {
        rules: [
          { ...rule, pin: "first-use" },
          { ...rule, id: "rule-2" },
        ],
      },
    });
    expect(await exchange(THEIRS)).toMatchObject({ error: { reason: "no_match", detail: DRIFT } });
  });

  it("the ids stay with new nonces, and a rule of another id starts afresh", async () => {
    await world.put({ ...records({ nonce: "another" }), robot: {} });
    expect(await exchange(THEIRS)).toMatchObject({ error: { reason: "no_match" } });
    await world.put(records({ id: "rule-2" }));
    expect(await exchange(THEIRS)).toMatchObject({ ok: true });
    expect(await exchange(OURS)).toMatchObject({ error: { reason: "no_match" } });
  });
});

it("of two first uses at once one stands, and the other is held against it", async () => {
  const { directory } = world.deps;
  const account = await directory.findAccount("acme+builder");
  // Both have read the account before either has written.
  const early: Directory = Object.assign(Object.create(directory), { findAccount: async () => account });
  const outcomes = await Promise.all([exchange(OURS, {}, early), exchange(THEIRS, {}, early)]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(outcomes.filter(({ ok }) => !ok)).toMatchObject([{ error: { reason: "no_match" } }]);
  expect(await world.grants()).toHaveLength(1);
  expect(await pinEvents()).toHaveLength(1);
  const [, repositoryId] = /repository_id (\d+)/.exec(world.trail[0]?.detail ?? "") ?? [];
  expect((await pins())?.["rule-1"]?.repository_id).toBe(repositoryId);
});
