import { expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { aLintContext, aLintedIssuer, aSafeRule } from "../../../test/support/linted-rule.ts";
import type { Permission } from "../access/permission.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { azureDevops } from "../identity/profiles/azure-devops.ts";
import { github } from "../identity/profiles/github.ts";
import type { FindingCode } from "./rule-finding.ts";
import { lintRules } from "./rule-lint.ts";
import type { LintContext, LintedIssuer } from "./rule-pins.ts";

/** What makes the linter say it, and all that it then says: sentence and mend, as people read them. */
interface Row {
  /** Changes of the safe rule, one for each rule. */
  readonly rules: readonly Partial<DeclaredRule>[];
  readonly issuer?: Partial<LintedIssuer>;
  readonly context?: Partial<LintContext>;
  readonly says: string;
}

const may = (repository: string): Permission => ({ registry: SERVICE, repository, role: "write" });
const ADMIN = { apiScopes: ["rules:write"] } as const;
const ADMIN_ROBOT = { robotPermissions: [] };

const ROWS: Record<FindingCode, Row> = {
  "pins-nothing": {
    rules: [{ subject: "**", claims: {} }],
    says: "lets in every job that the issuer signs for: neither its subject nor a claim says whose it is; write the subject, or claims with the ids of the jobs' owner",
  },
  "only-chosen-claims": {
    rules: [{ subject: "**", claims: { ref: ["refs/heads/main"], actor: ["octocat"] } }],
    says: "rests on ref, actor alone, which whoever starts a job can choose; name the jobs' owner as well, in the subject or by a claim with an id",
  },
  "no-tenant": {
    rules: [{ subject: "environment:production", claims: {} }],
    says: "names no tenant, and this issuer signs for all of its customers' jobs; add repository_id or repository_owner_id or enterprise_id without a wildcard, or a subject that names the tenant before any wildcard",
  },
  "escaping-pattern": {
    rules: [{ subject: "repo:acme*" }],
    says: "has a wildcard right after a part of the tenant's name, so that it takes in every tenant whose name begins so; write the whole name and its separator before the first wildcard",
  },
  "duplicate-rule": {
    rules: [{}, {}],
    says: "is the rule at position 1 once more; remove it, or change what it was to say",
  },
  "unreachable-rule": {
    rules: [{}, { ttlSeconds: 300 }],
    says: "never decides: the rule at position 1 is before it and matches all that it does; put it before that one, or remove it",
  },
  "permission-beyond-robot": {
    rules: [{ permissions: [may("other/app")] }],
    says: "is not within the robot's permissions; add it there first",
  },
  "unknown-variable": {
    rules: [{ permissions: [may("acme/{x}")] }],
    says: "has {x}, which is no variable of the profile github; write one of {repository}, {repository_name}, {repository_owner}",
  },
  "template-without-tenant": {
    rules: [{ claims: { repository_owner_id: ["42", "43"] }, permissions: [may("acme/{repository_name}")] }],
    says: "is filled with a name from the identity token, and the rule does not say whose tokens those are; add repository_id or repository_owner_id or enterprise_id with one id and no wildcard",
  },
  "api-scopes-with-permissions": {
    rules: [{ ...ADMIN, permissions: [may("acme/app")] }],
    says: "stands beside permissions; make a robot account of its own for administration, without permissions",
  },
  "api-scopes-without-id": {
    rules: [{ ...ADMIN, claims: {} }],
    context: ADMIN_ROBOT,
    says: "lets jobs administer the namespace, and the rule does not write out the id of their owner; add repository_id or repository_owner_id without a wildcard",
  },
  "api-scopes-on-reusable": {
    rules: [ADMIN],
    issuer: { replay: "reusable" },
    context: ADMIN_ROBOT,
    says: "does not use its identity tokens up, and whoever reads one could administer the namespace with it; register the issuer with replay: once, or use an API token",
  },
  "recyclable-name": {
    rules: [{ claims: {} }],
    says: "is a name that can be given up and taken by somebody else; add repository_id, the id that stays",
  },
  "customisable-subject": {
    rules: [{ claims: {} }],
    says: "is all that names the tenant, and the platform lets its users give `sub` another form; add a claim that names the tenant, such as repository_id or repository_owner_id",
  },
  "pattern-on-id": {
    rules: [{ claims: { repository_id: ["47*"] } }],
    says: "has a wildcard in an id: ids that begin alike have nothing else in common; write the ids whole, in a list if there are several",
  },
  "reusable-token": {
    rules: [{}],
    issuer: { replay: "reusable" },
    says: "does not use its identity tokens up: who gets hold of one can exchange it until it expires; set replay: once on the issuer if each job gets a token of its own; else keep max_lifetime_seconds short",
  },
  "fixed-audience": {
    rules: [{ subject: "p://acme/payments/app", claims: { prj_id: ["1"] } }],
    issuer: { profile: azureDevops },
    says: "has the same audience for everyone it is shown to (api://AzureADTokenExchange): another service that gets a job's token can show it here; let such jobs show their tokens to nobody else, and keep the rule's permissions narrow",
  },
  "long-lifetime": {
    rules: [{ ttlSeconds: 3600 }],
    says: "gives what may write as long a life as there is; set ttl_seconds: 900, which is enough for a push; a job can exchange just before it needs it",
  },
  "api-scopes-for-every-job": {
    rules: [{ ...ADMIN, subject: "**" }],
    context: ADMIN_ROBOT,
    says: "lets every job of that owner administer the namespace, those of any branch included; name the branch, environment or workflow, in the subject or by a claim, and protect it on the platform",
  },
};

function textsOf(code: FindingCode, { rules, issuer, context }: Omit<Row, "says">): readonly string[] {
  const linted = aLintContext(aLintedIssuer(github, issuer), context);
  return lintRules(rules.map(aSafeRule), linted)
    .filter((found) => found.code === code)
    .map(({ sentence, mend }) => `${sentence}; ${mend}`);
}

it.each(Object.entries(ROWS) as [FindingCode, Row][])(
  "says of %s what is wrong and what mends it",
  (code, row) => {
    expect(textsOf(code, row)).toEqual([row.says]);
  },
);

it.each<{ where: string; row: Omit<Row, "says">; sentence: string }>([
  {
    where: "a rule that stands beside the one",
    row: { rules: [ADMIN, { claims: { repository_id: ["1"] } }], context: ADMIN_ROBOT },
    sentence: "grants registry access, and another rule of the robot API scopes",
  },
  {
    where: "a robot that has permissions",
    row: { rules: [ADMIN] },
    sentence: "is of a robot that has registry permissions or the catalogue",
  },
])("says of $where why API scopes and registry access do not go together", ({ row, sentence }) => {
  const mend = "make a robot account of its own for administration, without permissions";
  expect(textsOf("api-scopes-with-permissions", row)).toEqual([`${sentence}; ${mend}`]);
});
