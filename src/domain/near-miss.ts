import { namespaceOfRobot, type RobotName } from "./access/names.ts";
import { canonicalJson } from "./canonical-json.ts";
import { comparableClaim } from "./identity/claims.ts";
import { sha256Hex } from "./identity/digest.ts";
import { profileNamed } from "./identity/profiles/all.ts";
import type { Profile } from "./identity/profiles/profile.ts";
import type { JsonObject, JsonValue } from "./identity/strict-json.ts";
import { namedTenant } from "./near-miss-tenant.ts";
import type { FederationRule } from "./rules/federation-rule.ts";

/** Near misses kept of each tenant that a namespace's rules name; the newest stay. */
export const MAX_NEAR_MISSES_PER_TENANT = 20;
/** How long one is kept after it was last seen. */
export const NEAR_MISS_DAYS = 30;
export const NEAR_MISS_MS = NEAR_MISS_DAYS * 86_400_000;
/** Requests remembered of one near miss: as many as jobs of a matrix commonly fail together. */
export const MAX_NEAR_MISS_REQUESTS = 10;

/** A verified token that matched no rule, on its way past the answer: it may become a near miss, or be counted. */
export interface NearMissCandidate {
  readonly requestId: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly robot: RobotName;
  /** Name of the family of its issuer. */
  readonly profile: string;
  readonly claims: JsonObject;
}

/** What is kept of such a token: claims of its family's allow-list, and nothing else that it said. */
export interface NearMiss {
  /** Equal for tokens that differ in the run alone. */
  readonly id: string;
  readonly namespace: string;
  /** What the rules of the namespace name, as `namedTenant` writes it. */
  readonly tenant: string;
  readonly robot: RobotName;
  readonly profile: string;
  /** Names or paths, and values as a rule compares them. */
  readonly claims: Readonly<Record<string, string>>;
  /** What kind of job it is, where such jobs are refused unless a rule asks for them. */
  readonly denied?: string;
}

/** A near miss, seen once. */
export interface NearMissSighting {
  readonly miss: NearMiss;
  readonly at: number;
  readonly requestId: string;
}

/** A near miss as it is kept. */
export interface KeptNearMiss {
  readonly miss: NearMiss;
  /** When it was seen last, Unix milliseconds. */
  readonly at: number;
  readonly times: number;
  /** The newest first, at most MAX_NEAR_MISS_REQUESTS. The claims that differ between runs are the newest's. */
  readonly requestIds: readonly string[];
}

/** Claims that name a person, whatever the family. */
const PERSONAL: ReadonlySet<string> = new Set([
  "actor",
  "actor_id",
  "email",
  "user_email",
  "user_id",
  "user_login",
]);
/** A mail address. GitHub's `acme@42/app@4711:` is none: an id has no dot. */
const MAIL_ADDRESS = /[^\s@/:]@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/;

/**
 * The near miss that a candidate is to the rules of its namespace; undefined for a stranger's token, which is
 * only counted.
 *
 * @param rules Of all robots of the namespace.
 * @param personal Whether logins, mail addresses and the ids of people are kept.
 */
export async function nearMissOf(
  candidate: NearMissCandidate,
  rules: readonly FederationRule[],
  personal: boolean,
): Promise<NearMissSighting | undefined> {
  const { claims, robot, at, requestId } = candidate;
  const profile = profileNamed(candidate.profile);
  const named = namedTenant(rules, claims, profile);
  if (named === undefined) return undefined;
  const tenant = personal ? named : await withoutPerson(named);
  const kept = allowedClaims(claims, [...stableNames(profile), ...profile.provenance], personal);
  const stable = stableClaims(kept, profile);
  const denied = profile.denials.find((denial) => denial.denies(claims))?.what;
  const miss: NearMiss = {
    id: await sha256Hex(canonicalJson([robot, tenant, profile.name, stable, denied])),
    namespace: namespaceOfRobot(robot),
    tenant,
    robot,
    profile: profile.name,
    claims: kept,
    ...(denied === undefined ? {} : { denied }),
  };
  return { miss, at, requestId };
}

/** What was kept, as claims again: a name that begins with a slash is a path, as `comparableClaim` has it. */
export function claimsOfRecord(record: Readonly<Record<string, string>>): JsonObject {
  const claims = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(record)) {
    const steps = name.startsWith("/") ? name.slice(1).split("/").map(unescapeStep) : [name];
    let at = claims;
    steps.forEach((step, index) => {
      if (index === steps.length - 1) at.set(step, value);
      else at = objectWithin(at, step);
    });
  }
  return claims;
}

function objectWithin(claims: Map<string, JsonValue>, name: string): Map<string, JsonValue> {
  const there = claims.get(name);
  const within = there instanceof Map ? there : new Map<string, JsonValue>();
  claims.set(name, within);
  return within;
}

/** RFC 6901 §4. */
function unescapeStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Those of a near miss's claims that are the same in each run that it stands for. */
export function stableClaims(claims: NearMiss["claims"], profile: Profile): Readonly<Record<string, string>> {
  const names = new Set(stableNames(profile));
  return Object.fromEntries(Object.entries(claims).filter(([name]) => names.has(name)));
}

function stableNames({ tenants, recyclable }: Profile): readonly string[] {
  return [
    "iss",
    "sub",
    "aud",
    ...[...tenants, ...recyclable].flatMap(({ claim, id }) => (id === undefined ? [claim] : [claim, id])),
  ];
}

function allowedClaims(claims: JsonObject, names: readonly string[], personal: boolean) {
  const entries = [...new Set(names)].flatMap((name) => {
    const value = name === "aud" ? audienceOf(claims) : comparableClaim(claims, name);
    if (value === undefined) return [];
    return personal || !isPersonal(name, value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** One value, or the token would not have been verified. */
function audienceOf(claims: JsonObject): string | undefined {
  const aud = claims.get("aud");
  const value = Array.isArray(aud) ? aud[0] : aud;
  return typeof value === "string" ? value : undefined;
}

/** A tenant that is a person's account stays a tenant of its own, without the name. */
async function withoutPerson(tenant: string): Promise<string> {
  const name = tenant.slice(0, tenant.indexOf("="));
  if (!isPersonal(name, tenant)) return tenant;
  return `${name}=sha256:${(await sha256Hex(tenant)).slice(0, 16)}`;
}

function isPersonal(name: string, text: string): boolean {
  return PERSONAL.has(name) || MAIL_ADDRESS.test(text);
}
