/** One valid baseline of each record. A test takes it and changes one thing. Times are Unix seconds but for events. */
import type { Registry } from "../../src/domain/access/registry.ts";
import type { ApiToken } from "../../src/domain/accounts/api-token.ts";
import type { Credential } from "../../src/domain/accounts/credential.ts";
import type { Account, Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { TrustedIssuer } from "../../src/domain/identity/issuer.ts";
import type { NearMiss } from "../../src/domain/near-miss.ts";
import type { FederationRule } from "../../src/domain/rules/federation-rule.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";

export const PUBLIC_URL = "https://berth.example.com";
export const ISSUER_URL = "https://issuer.example.com";
export const SERVICE = "registry.example.com";
export const SUBJECT = "repo:acme/app:ref:refs/heads/main";

export function anIssuer(change: Partial<TrustedIssuer> = {}): TrustedIssuer {
  return {
    url: ISSUER_URL,
    nonce: "issuer-nonce",
    enabled: true,
    profile: "generic",
    algorithms: ["RS256", "ES256"],
    audiences: [PUBLIC_URL],
    maxLifetimeSeconds: 3600,
    replay: "once",
    keys: { kind: "discovery", jwksHosts: [], privateNetwork: false },
    managedBy: "file",
    ...change,
  };
}

export function aRegistry(change: Partial<Registry> = {}): Registry {
  return {
    service: SERVICE,
    url: "https://registry.example.com",
    tokenForm: "x5c",
    tokenSeconds: 300,
    anonymousPull: [],
    managedBy: "file",
    ...change,
  };
}

export function aRule(change: Partial<FederationRule> = {}): FederationRule {
  return {
    id: "rule-1",
    nonce: "rule-nonce",
    enabled: true,
    description: "release builds",
    issuer: ISSUER_URL,
    subject: SUBJECT,
    claims: {},
    ttlSeconds: 3600,
    ...change,
  };
}

export function aNamespace(change: Partial<Namespace> = {}): Namespace {
  return {
    name: "acme",
    kind: "organization",
    nonce: "namespace-nonce",
    enabled: true,
    managedBy: "file",
    ...change,
  };
}

export function aRobot(change: Partial<Robot> = {}): Robot {
  return {
    name: "acme+builder",
    uid: "robot-uid",
    nonce: "robot-nonce",
    enabled: true,
    description: "",
    createdAt: 1_700_000_000,
    permissions: [{ registry: SERVICE, repository: "acme/app", role: "write" }],
    catalog: false,
    rules: [aRule()],
    managedBy: "file",
    ...change,
  };
}

export function anAccount(change: Partial<Account> = {}): Account {
  return { namespace: aNamespace(), robot: aRobot(), ...change };
}

export function anApiToken(change: Partial<ApiToken> = {}): ApiToken {
  const hash = change.hash ?? "cd".repeat(32);
  return {
    id: hash.slice(0, 32),
    hash,
    description: "",
    scopes: ["org:admin"],
    namespaces: ["acme"],
    createdAt: 1_700_000_000,
    expiresAt: 1_900_000_000,
    createdBy: "operator",
    ...change,
  };
}

/** @param now Unix seconds. */
export function aCredential(now: number, change: Partial<Credential> = {}): Credential {
  const hash = change.hash ?? "ab".repeat(32);
  return {
    id: `07${hash.slice(0, 32)}`,
    hash,
    robot: "acme+builder",
    robotUid: "robot-uid",
    ruleId: "rule-1",
    nonces: {
      namespace: "namespace-nonce",
      robot: "robot-nonce",
      rule: "rule-nonce",
      issuer: "issuer-nonce",
    },
    issuer: ISSUER_URL,
    subject: SUBJECT,
    provenance: {},
    grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }],
    catalog: false,
    issuedAt: now,
    expiresAt: now + 3600,
    ...change,
  };
}

/** @param at Unix milliseconds. */
export function anEvent(at: number, change: Partial<AuditEvent> = {}): AuditEvent {
  return { kind: "exchange.granted", at, requestId: "request-1", robot: "acme+builder", ...change };
}

/** @param now Unix milliseconds. */
export function aRedemption(now: number, change: Partial<Redemption> = {}): Redemption {
  const seconds = Math.floor(now / 1000);
  return {
    shard: 7,
    replayKey: "07".repeat(32),
    reusable: false,
    tokenIssuedAt: seconds + 1,
    markExpiresAt: seconds + 600,
    credential: aCredential(seconds),
    event: anEvent(now),
    now,
    ...change,
  };
}

export function aNearMiss(change: Partial<NearMiss> = {}): NearMiss {
  return {
    id: "ab".repeat(32),
    namespace: "acme",
    tenant: "repository_owner_id=42",
    robot: "acme+builder",
    profile: "github",
    claims: { iss: ISSUER_URL, sub: SUBJECT, repository_owner_id: "42", repository_id: "4711" },
    ...change,
  };
}
