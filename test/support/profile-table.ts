import { describe, expect, it } from "vitest";
import { profileNamed, profileOf } from "../../src/domain/identity/profiles/all.ts";
import type { Profile, SubjectTenant } from "../../src/domain/identity/profiles/profile.ts";
import {
  type FailedCondition,
  type FederationRule,
  failedCondition,
} from "../../src/domain/rules/federation-rule.ts";
import { aRule, PUBLIC_URL } from "./baseline.ts";
import { claimsOf } from "./claims.ts";

type Token = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };
type Rule = Pick<FederationRule, "subject" | "claims">;

/** A token as the platform signs it, and a rule as an operator writes it. */
interface Baseline {
  readonly profile: Profile;
  readonly token: Token;
  readonly rule: Rule;
}

/** One change of the token, of the rule or of both; undefined takes a claim away. */
export interface ProfileRow {
  readonly job: string;
  readonly token?: Readonly<Record<string, unknown>>;
  readonly rule?: Partial<Rule>;
  readonly outcome: FailedCondition | "matches";
}

interface ProfileTable extends Baseline {
  readonly rows: readonly ProfileRow[];
  /** Beginning of a subject → the tenant that it names. */
  readonly tenants: Readonly<Record<string, SubjectTenant>>;
  /** Issuer URL → whether it is of this family by its URL, and shared. */
  readonly issuers: Readonly<Record<string, "own" | "shared" | "other">>;
  /** Issuer URLs that a declaration alone makes of this family: nobody else's jobs are signed there. */
  readonly declared?: readonly string[];
}

/** Times say nothing to a rule; they are here since every token has them. */
const TIMES = { aud: PUBLIC_URL, iat: 1_790_000_000, exp: 1_790_000_300 };

function outcomeOf(
  { profile, token, rule }: Baseline,
  change: Pick<ProfileRow, "token" | "rule"> = {},
): ProfileRow["outcome"] {
  return (
    failedCondition(
      aRule({ issuer: token.iss, ...rule, ...change.rule }),
      claimsOf({ ...TIMES, ...token, ...change.token }),
      profile,
    ) ?? "matches"
  );
}

/** Expects of a row what it says. */
export function rowCheck(baseline: Baseline): (row: ProfileRow) => void {
  return (row) => expect(outcomeOf(baseline, row)).toBe(row.outcome);
}

/** The tests that every issuer family has. */
export function describeProfile({ rows, tenants, issuers, declared = [], ...baseline }: ProfileTable): void {
  const { profile, token, rule } = baseline;

  describe(`the ${profile.name} profile`, () => {
    it("is found by its name", () => {
      expect(profileNamed(profile.name)).toBe(profile);
    });

    it("matches the typical rule with the typical token", () => {
      expect(outcomeOf(baseline)).toBe("matches");
    });

    it.each(Object.entries(rule.claims))("wants the rule's %s in the token", (name, [value = ""]) => {
      for (const other of [undefined, null, "", [value], { [value]: true }, `${value}0`, `0${value}`]) {
        expect(outcomeOf(baseline, { token: changed(token, name, other) })).not.toBe("matches");
      }
    });

    it.each([null, 1, true, [token.sub], {}])("has no match for the subject %j", (sub) => {
      expect(outcomeOf(baseline, { token: { sub }, rule: { subject: "**" } })).not.toBe("matches");
    });

    it.each(rows)("$job: $outcome", rowCheck(baseline));

    it.each(Object.entries(tenants))("takes the tenant of %j to be given by %s", (prefix, tenant) => {
      expect(profile.tenantOfSubject(prefix)).toBe(tenant);
    });

    it.each(Object.entries(issuers))("takes %s to be %s", (url, kind) => {
      const isOfFamily = profileOf(url) === profile;
      expect(isOfFamily ? (profile.isShared(url) ? "shared" : "own") : "other").toBe(kind);
    });

    it.each(declared)("takes %s, where it is declared, to be nobody else's", (url) => {
      expect(profileOf(url)).not.toBe(profile);
      expect(profile.isShared(url)).toBe(false);
    });
  });
}

/** A change of the claim at `path`, at the top or by JSON Pointer. */
function changed(token: Token, path: string, value: unknown): Record<string, unknown> {
  if (!path.startsWith("/")) return { [path]: value };
  const [top = "", ...rest] = path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const copy: Record<string, unknown> = structuredClone({ [top]: token[top] });
  let at = copy;
  for (const part of [top, ...rest].slice(0, -1)) at = at[part] as Record<string, unknown>;
  at[rest.at(-1) ?? top] = value;
  return copy;
}
