import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCredential, aRedemption, SERVICE } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { Credential } from "../../domain/accounts/credential.ts";
import {
  credentialId,
  newCredentialSecret,
  newRobotToken,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { err, ok } from "../../domain/result.ts";
import { authenticateAccount } from "./authenticate-account.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const USER = "acme+builder";
const INVALID = err({ reason: "credentials_invalid" });
const ROBOT_ACCESS = {
  grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }],
  catalog: false,
};
const authenticate = (secret: Secret | string, username: string = USER) =>
  authenticateAccount(world.deps, {
    username,
    password: typeof secret === "string" ? secret : secret.expose(),
  });

describe("a credential", () => {
  let secret: Secret;
  let record: Credential;

  let minted = 0;

  async function mint(change: Partial<Credential> = {}): Promise<void> {
    minted += 1;
    secret = newCredentialSecret(7, world.deps.random);
    record = {
      ...aCredential(world.clock.seconds(), { issuer: world.issuer.url, ...change }),
      ...(await credentialId(secret)),
      ...change,
    };
    const redemption = aRedemption(world.clock.now(), { replayKey: `key-${minted}`, credential: record });
    expect(await world.ledger.redeem(redemption)).toEqual({ kind: "minted" });
    world.takeSteps();
  }
  beforeEach(() => mint());

  it("stands for its robot, with no more than both have", async () => {
    expect(await authenticate(secret)).toEqual(
      ok({
        actor: `acme+builder#${record.id}`,
        robot: USER,
        held: [record, ROBOT_ACCESS],
        expiresAt: record.expiresAt,
        credentialId: record.id,
      }),
    );
    expect(world.takeSteps()).toEqual([
      "ledger.findCredential",
      "directory.findAccount",
      "system.findIssuer",
    ]);
  });

  it.each([
    ["another robot's name", () => authenticate(secret, "acme+other")],
    ["another credential", () => authenticate(newCredentialSecret(7, world.deps.random))],
  ])("is refused with %s", async (_, attempt) => {
    expect(await attempt()).toEqual(INVALID);
  });

  it("is refused under the id of another, whose hash differs", async () => {
    const other = newCredentialSecret(8, world.deps.random);
    const twin = { ...aCredential(world.clock.seconds()), id: (await credentialId(other)).id };
    await world.ledger.redeem(
      aRedemption(world.clock.now(), { shard: 8, replayKey: "08", credential: twin }),
    );
    expect(await authenticate(other)).toEqual(INVALID);
  });

  const deaths: { change: string; records: BerthChange }[] = [
    { change: "its robot is disabled", records: { robot: { enabled: false } } },
    { change: "its robot was made anew", records: { robot: { uid: "another-uid" } } },
    { change: "its robot has a new nonce", records: { robot: { nonce: "another" } } },
    { change: "its rule is gone", records: { rule: { id: "rule-2" } } },
    { change: "its rule has a new nonce", records: { rule: { nonce: "another" } } },
    { change: "its rule is disabled", records: { rule: { enabled: false } } },
    { change: "its namespace is disabled", records: { namespace: { enabled: false } } },
    { change: "its namespace has a new nonce", records: { namespace: { nonce: "another" } } },
    { change: "its issuer is disabled", records: { issuer: { enabled: false } } },
    { change: "its issuer has a new nonce", records: { issuer: { nonce: "another" } } },
  ];
  it.each(deaths)("is dead when $change", async ({ records }) => {
    await world.put(records);
    expect(await authenticate(secret)).toEqual(err({ reason: "credential_revoked", detail: record.id }));
  });

  it("is dead when its issuer is gone", async () => {
    await mint({ issuer: "https://gone.example.com" });
    expect(await authenticate(secret)).toEqual(err({ reason: "credential_revoked", detail: record.id }));
  });

  it("is dead when its robot is gone", async () => {
    await mint({ robot: "acme+gone" });
    expect(await authenticate(secret, "acme+gone")).toEqual(
      err({ reason: "credential_revoked", detail: record.id }),
    );
  });

  it("is dead once it was revoked, and in another epoch", async () => {
    const event = { kind: "credential.revoked", at: world.clock.now(), requestId: "r" } as const;
    await world.ledger.revoke(record.id, world.clock.seconds(), event);
    expect(await authenticate(secret)).toMatchObject({ error: { reason: "credential_revoked" } });
    await mint();
    await world.ledger.startEpoch({ ...event, kind: "epoch.started" });
    expect(await authenticate(secret)).toMatchObject({ error: { reason: "credential_revoked" } });
  });

  it("is expired with under a minute left, and not a second before", async () => {
    world.clock.advance(3540_000);
    world.storeClock.advance(3540_000);
    expect(await authenticate(secret)).toMatchObject({ ok: true });
    world.clock.advance(1000);
    world.storeClock.advance(1000);
    expect(await authenticate(secret)).toEqual(err({ reason: "credential_expired", detail: record.id }));
  });
});

// attack 78
describe("by its form alone, with no look-up, refuses", () => {
  it.each([
    ["a word", () => "hunter2", USER],
    [
      "a credential of another checksum",
      () => newCredentialSecret(7, world.deps.random).expose().slice(0, -1),
      USER,
    ],
    ["a well-formed API token", () => "bra_0000000000000000000000000000000000000000000477lBF", USER],
    ["a user name that no robot has", () => newRobotToken(world.deps.random).expose(), "builder"],
  ])("%s", async (_, password, username) => {
    expect(await authenticate(password(), username)).toEqual(INVALID);
    expect(world.takeSteps()).toEqual([]);
  });
});
