import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { aLintContext, aLintedIssuer, aSafeRule, findingsOf } from "../../../test/support/linted-rule.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { github } from "../identity/profiles/github.ts";
import { gitlab } from "../identity/profiles/gitlab.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { failedCondition } from "./federation-rule.ts";
import { FINDING_LEVELS } from "./rule-finding.ts";
import { lintRules } from "./rule-lint.ts";

describe("lintRules", () => {
  it("has nothing to say of a safe rule", () => {
    expect(findingsOf([aSafeRule()])).toEqual([]);
  });

  it("tells level, place, sentence, mend and page of a finding", () => {
    expect(
      lintRules([aSafeRule(), aSafeRule({ subject: "**", claims: {}, enabled: false })], aLintContext()),
    ).toEqual([
      {
        level: "refuse",
        code: "pins-nothing",
        ruleIndex: 1,
        at: [],
        sentence:
          "lets in every job that the issuer signs for: neither its subject nor a claim says whose it is",
        mend: "write the subject, or claims with the ids of the jobs' owner",
        page: "docs/rule-findings.md#pins-nothing",
      },
    ]);
  });

  it("takes as many rules as a robot may have", () => {
    const rules = Array.from({ length: 1000 }, (_, at) =>
      aSafeRule({ subject: "repo:acme/**", claims: { repository_id: [`${at}`, "a*"] } }),
    );
    expect(new Set(findingsOf(rules).map((found) => found.replace(/^\d+ /, "")))).toEqual(
      new Set([
        "claims repository_id: pattern-on-id",
        "subject: recyclable-name",
        "subject: customisable-subject",
      ]),
    );
  });
});

describe("docs/rule-findings.md", () => {
  it("has a section for each code, and no other", () => {
    const page = readFileSync(new URL("../../../docs/rule-findings.md", import.meta.url), "utf8");
    const sections = page.split(/^### /m).slice(1);
    const codes = sections.map((section) => section.slice(0, section.indexOf("\n")).replaceAll("`", ""));
    expect(codes).toEqual(Object.keys(FINDING_LEVELS));
    for (const section of sections) {
      expect(section).toMatch(/\n\*\*Why\.\*\* /);
      expect(section).toMatch(/\n\*\*Mend\.\*\* [\s\S]*\n```yaml\n/);
    }
    const refuses = page.indexOf("## What is warned about");
    for (const [code, level] of Object.entries(FINDING_LEVELS)) {
      expect(page.indexOf(`### \`${code}\``) < refuses, code).toBe(level === "refuse");
    }
  });
});

/** A platform as its customers see it: the claims that a tenant's job has, by the tenant's name. */
interface Platform {
  readonly profile: Profile;
  readonly claims: (tenant: string, id: string) => Readonly<Record<string, string>>;
  readonly subjects: (tenant: string, id: string) => readonly string[];
}

const PLATFORMS: readonly Platform[] = [
  {
    profile: github,
    claims: (tenant, id) => ({
      repository: `${tenant}/app`,
      repository_id: `${id}1`,
      repository_owner: tenant,
      repository_owner_id: id,
      ref: "refs/heads/main",
      event_name: "push",
      actor: "octocat",
      job_workflow_ref: "acme/ci/.github/workflows/push.yml@refs/heads/main",
    }),
    subjects: (tenant, id) => [
      `repo:${tenant}/app:ref:refs/heads/main`,
      `repo:${tenant}@${id}/app@${id}1:ref:refs/heads/main`,
      `repository_owner:${tenant}:environment:production`,
    ],
  },
  {
    profile: gitlab,
    claims: (tenant, id) => ({
      project_path: `${tenant}/app`,
      project_id: `${id}1`,
      namespace_path: tenant,
      namespace_id: id,
      ref: "main",
      ref_protected: "true",
      pipeline_source: "push",
      job_id: "1",
    }),
    subjects: (tenant, id) => [
      `project_path:${tenant}/app:ref_type:branch:ref:main`,
      `project_id:${id}1:ref_type:branch:ref:main`,
    ],
  },
];

/** A text with up to two pieces of it replaced by wildcards. */
function patternOf(text: string): fc.Arbitrary<string> {
  const cut = fc.record({
    from: fc.nat(text.length),
    to: fc.nat(text.length),
    star: fc.constantFrom("*", "**"),
  });
  return fc
    .array(cut, { maxLength: 2 })
    .map((cuts) =>
      cuts.reduce(
        (left, { from, to, star }) =>
          left.slice(0, Math.min(from, to)) + star + left.slice(Math.max(from, to)),
        text,
      ),
    );
}

/** Rules that an author of `acme` could write, for better or worse. */
function ruleOf(platform: Platform): fc.Arbitrary<DeclaredRule> {
  const names = Object.entries(platform.claims("acme", "42"));
  const claim = fc
    .constantFrom(...names)
    .chain(([name, value]) =>
      fc
        .array(fc.oneof(fc.constant(value), patternOf(value)), { minLength: 1, maxLength: 2 })
        .map((values): [string, readonly string[]] => [name, values]),
    );
  const subject = fc.constantFrom(...platform.subjects("acme", "42"));
  return fc
    .record({
      subject: fc.oneof(fc.constant("**"), subject, subject.chain(patternOf)),
      claims: fc.array(claim, { maxLength: 3 }).map((claims) => Object.fromEntries(claims)),
    })
    .map(aSafeRule);
}

function tokenOf({ claims }: Platform, tenant: string, id: string, subject: string) {
  return asVerifiedClaims(new Map(Object.entries({ iss: ISSUER_URL, sub: subject, ...claims(tenant, id) })));
}

const matches = (rule: DeclaredRule, token: ReturnType<typeof tokenOf>, profile: Profile) =>
  failedCondition({ ...rule, id: "", nonce: "" }, token, profile) === undefined;

describe.each(PLATFORMS)("rules for $profile.name", (platform) => {
  const { profile } = platform;
  const context = aLintContext(aLintedIssuer(profile));
  const refusals = (rule: DeclaredRule) =>
    lintRules([rule], context).filter(({ level }) => level === "refuse");
  const strangers = [
    { tenant: "evil", id: "7" },
    { tenant: "acme-evil", id: "421" },
    { tenant: "notacme", id: "942" },
    { tenant: "a", id: "4" },
  ];
  const foreign = strangers.flatMap(({ tenant, id }) =>
    platform.subjects(tenant, id).map((subject) => tokenOf(platform, tenant, id, subject)),
  );

  it("that are not refused never match a token of another tenant", () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(ruleOf(platform), (rule) => {
        const letsStrangersIn = foreign.some((token) => matches(rule, token, profile));
        if (refusals(rule).length > 0) refused += letsStrangersIn ? 1 : 0;
        else {
          accepted += 1;
          expect(letsStrangersIn).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
    expect(Math.min(accepted, refused), "both kinds were seen").toBeGreaterThan(10);
  });

  it("match no more with a condition added", () => {
    const tokens = [
      ...foreign,
      ...platform.subjects("acme", "42").map((subject) => tokenOf(platform, "acme", "42", subject)),
    ];
    // A claim that lifts a denial asks for jobs of another kind: that is what it is for.
    const lifts = new Set(profile.denials.map(({ claim }) => claim));
    fc.assert(
      fc.property(ruleOf(platform), ruleOf(platform), (rule, { claims: more }) => {
        const added = Object.fromEntries(
          Object.entries(more).filter(([name]) => !(name in rule.claims || lifts.has(name))),
        );
        const narrower = { ...rule, claims: { ...rule.claims, ...added } };
        for (const token of tokens.filter((shown) => !matches(rule, shown, profile))) {
          expect(matches(narrower, token, profile)).toBe(false);
        }
      }),
    );
  });

  it("are told of without a value that stands in them", () => {
    const secret = fc.string({ minLength: 12, maxLength: 20 }).map((text) => `value-${text}`);
    const names = fc.constantFrom(...Object.keys(platform.claims("acme", "42")));
    const values = fc.array(
      fc.tuple(secret, fc.constantFrom("", "*", "/*")).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 2 },
    );
    fc.assert(
      fc.property(secret, fc.dictionary(names, values), secret, (subject, claims, repository) => {
        const permissions = [{ registry: SERVICE, repository, role: "admin" as const }];
        const rule = aSafeRule({ subject: `${subject}*`, claims, permissions });
        const found = lintRules([rule, rule], context);
        expect(found.length).toBeGreaterThan(1);
        const text = found.map(({ sentence, mend }) => `${sentence} ${mend}`).join("\n");
        for (const value of [subject, repository, ...Object.values(claims).flat()]) {
          expect(text).not.toContain(value);
        }
      }),
    );
  });
});
