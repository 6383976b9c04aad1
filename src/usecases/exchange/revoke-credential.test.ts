import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCredential, aRedemption, ISSUER_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import {
  credentialId,
  newApiTokenSecret,
  newCredentialSecret,
  newRobotToken,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { err, ok } from "../../domain/result.ts";
import { revokeCredential } from "./revoke-credential.ts";

let world: UseCaseWorld;
let credential: Secret;
let id: string;

beforeEach(async () => {
  world = await startUseCaseWorld();
  credential = newCredentialSecret(7, world.deps.random);
  const identifiers = await credentialId(credential);
  id = identifiers.id;
  const record = { ...aCredential(world.clock.seconds()), ...identifiers };
  await world.ledger.redeem(aRedemption(world.clock.now(), { credential: record }));
});
afterEach(() => world.close());

const revoke = (token: string) => revokeCredential(world.deps, token, CONTEXT);
const revocations = async () =>
  (await world.ledger.readEvents(1000)).filter(({ kind }) => kind === "credential.revoked");

it("ends a credential and leaves an event without it", async () => {
  expect(await revoke(credential.expose())).toEqual(ok(undefined));
  expect(await world.ledger.findCredential(id)).toMatchObject({
    credential: { revokedAt: world.clock.seconds() },
  });
  const events = await revocations();
  expect(events).toEqual([
    {
      kind: "credential.revoked",
      at: world.clock.now(),
      ...CONTEXT,
      reason: "by its holder",
      robot: "acme+builder",
      issuer: ISSUER_URL,
      subject: SUBJECT,
      credentialId: id,
    },
  ]);
  expect(JSON.stringify(events)).not.toContain(credential.expose());
});

it("says the same of one that was revoked already, and records it once", async () => {
  await revoke(credential.expose());
  expect(await revoke(credential.expose())).toEqual(ok(undefined));
  expect(await revocations()).toHaveLength(1);
});

describe("says the same, and changes nothing, of", () => {
  it("a text that is no secret, without a look at the store", async () => {
    expect(await revoke("hunter2")).toEqual(ok(undefined));
    expect(await revoke(`${credential.expose().slice(0, -1)}!`)).toEqual(ok(undefined));
    expect(world.takeSteps()).toEqual([]);
    expect(await revocations()).toEqual([]);
  });

  it("a credential that is not known", async () => {
    expect(await revoke(newCredentialSecret(7, world.deps.random).expose())).toEqual(ok(undefined));
    expect(world.takeSteps()).toEqual(["ledger.findCredential"]);
    expect(await revocations()).toEqual([]);
  });

  it("another credential under the id of this one", async () => {
    const other = newCredentialSecret(8, world.deps.random);
    const twin = {
      ...aCredential(world.clock.seconds()),
      id: (await credentialId(other)).id,
      hash: "cd".repeat(32),
    };
    await world.ledger.redeem(
      aRedemption(world.clock.now(), { shard: 8, replayKey: "08".repeat(32), credential: twin }),
    );
    expect(await revoke(other.expose())).toEqual(ok(undefined));
    expect(await revocations()).toEqual([]);
  });
});

describe("refuses by its form", () => {
  it.each([newRobotToken, newApiTokenSecret])(
    "what its holder must not believe dead: %o",
    async (newSecret) => {
      const secret = newSecret(world.deps.random);
      expect(await revoke(secret.expose())).toEqual(
        err({ reason: "token_type_unsupported", detail: secret.class }),
      );
      expect(world.takeSteps()).toEqual([]);
    },
  );
});

it("refuses when the store does not answer", async () => {
  world.breakStore();
  expect(await revoke(credential.expose())).toEqual(
    err({ reason: "store_unavailable", detail: "the store did not answer: closed" }),
  );
});
