import { describe, expect, it } from "vitest";
import { aCredential, aNamespace, anAccount, aRobot, aRule } from "../../../test/support/baseline.ts";
import {
  type Credential,
  type CredentialState,
  credentialState,
  currentNonces,
  MIN_REGISTRY_TOKEN_SECONDS,
  RECORD_MARGIN_SECONDS,
} from "./credential.ts";
import type { Account } from "./robot.ts";

const NOW = 1_800_000_000;
const ISSUER_NONCE = "issuer-nonce";

interface Change {
  readonly credential?: Partial<Credential>;
  readonly epochStands?: boolean;
  readonly account?: Account | undefined;
  readonly issuerNonce?: string | undefined;
}

function stateOf(change: Change): CredentialState {
  const { credential, epochStands, account, issuerNonce } = {
    epochStands: true,
    account: anAccount(),
    issuerNonce: ISSUER_NONCE,
    ...change,
  };
  return credentialState(
    { credential: aCredential(NOW, credential), epochStands },
    account,
    issuerNonce,
    NOW,
  );
}

const withRule = (...rules: Parameters<typeof aRule>[0][]) =>
  anAccount({ robot: aRobot({ rules: rules.map((rule) => aRule(rule)) }) });

describe("credentialState", () => {
  it.each<{ credential: string; change: Change }>([
    { credential: "of the baseline", change: {} },
    { credential: "with 60 seconds left", change: { credential: { expiresAt: NOW + 60 } } },
    {
      credential: "whose rule moved down the list",
      change: { account: withRule({ id: "rule-0", nonce: "new" }, {}) },
    },
    {
      credential: "whose rule has another description",
      change: { account: withRule({ description: "new" }) },
    },
    {
      credential: "whose robot has other permissions, which are cut when it is used",
      change: { account: anAccount({ robot: aRobot({ permissions: [] }) }) },
    },
  ])("a credential $credential is alive", ({ change }) => {
    expect(stateOf(change)).toBe("alive");
  });

  it.each<{ credential: string; change: Change }>([
    { credential: "with 59 seconds left", change: { credential: { expiresAt: NOW + 59 } } },
    { credential: "at its end", change: { credential: { expiresAt: NOW } } },
    { credential: "past its end", change: { credential: { expiresAt: NOW - 3600 } } },
  ])("a credential $credential is expired", ({ change }) => {
    expect(stateOf(change)).toBe("expired");
  });

  it.each<{ credential: string; change: Change }>([
    { credential: "that was revoked", change: { credential: { revokedAt: NOW - 1 } } },
    { credential: "that was revoked at the beginning of time", change: { credential: { revokedAt: 0 } } },
    {
      credential: "that was revoked and is past its end",
      change: { credential: { revokedAt: NOW - 1, expiresAt: NOW } },
    },
    { credential: "of an epoch that is over", change: { epochStands: false } },
    { credential: "whose robot is gone", change: { account: undefined } },
    {
      credential: "whose robot was made anew",
      change: { account: anAccount({ robot: aRobot({ uid: "another-uid" }) }) },
    },
    {
      credential: "whose robot is disabled",
      change: { account: anAccount({ robot: aRobot({ enabled: false }) }) },
    },
    {
      credential: "whose namespace is disabled",
      change: { account: anAccount({ namespace: aNamespace({ enabled: false }) }) },
    },
    { credential: "whose rule is gone", change: { account: withRule() } },
    { credential: "whose rule is gone, beside another", change: { account: withRule({ id: "rule-2" }) } },
    { credential: "whose rule is disabled", change: { account: withRule({ enabled: false }) } },
    { credential: "whose rule has a new nonce", change: { account: withRule({ nonce: "new" }) } },
    {
      credential: "whose robot has a new nonce",
      change: { account: anAccount({ robot: aRobot({ nonce: "new" }) }) },
    },
    {
      credential: "whose namespace has a new nonce",
      change: { account: anAccount({ namespace: aNamespace({ nonce: "new" }) }) },
    },
    { credential: "whose issuer has a new nonce", change: { issuerNonce: "new" } },
    { credential: "whose issuer is gone or disabled", change: { issuerNonce: undefined } },
  ])("a credential $credential is revoked", ({ change }) => {
    expect(stateOf(change)).toBe("revoked");
  });
});

describe("currentNonces", () => {
  it("are those of namespace, robot, rule and issuer", () => {
    const account = anAccount({ namespace: aNamespace({ nonce: "n" }), robot: aRobot({ nonce: "r" }) });
    expect(currentNonces(account, aRule({ nonce: "u" }), "i")).toEqual({
      namespace: "n",
      robot: "r",
      rule: "u",
      issuer: "i",
    });
  });
});

it("counts a credential as expired when no registry token fits in, and keeps its record an hour", () => {
  expect(MIN_REGISTRY_TOKEN_SECONDS).toBe(60);
  expect(RECORD_MARGIN_SECONDS).toBe(3600);
});
