import { comparableClaim, stringClaim } from "../domain/identity/claims.ts";
import type { Profile } from "../domain/identity/profiles/profile.ts";
import type { JsonObject } from "../domain/identity/strict-json.ts";
import { fillIn } from "./client-problem.ts";
import { ownAudiences } from "./own-claims.ts";
import { plain } from "./plain-text.ts";
import { HINT_TEXTS } from "./texts/exchange-texts.ts";

/** What may be why no rule matched; its entry in docs/troubleshooting.md has the same name. */
export type HintCode = keyof typeof HINT_TEXTS;

interface Hint {
  readonly code: HintCode;
  /** The facts of the hint's text; undefined where it does not apply. */
  readonly facts: (claims: JsonObject, profile: Profile) => Readonly<Record<string, string>> | undefined;
}

const HINTS: readonly Hint[] = [
  {
    code: "job_denied",
    facts: (claims, { denials }) => {
      const denial = denials.find(({ denies }) => denies(claims));
      return denial && { what: denial.what, claim: denial.claim };
    },
  },
  {
    code: "buildkite_ids_missing",
    facts: (claims, { name }) => when(name === "buildkite" && !claims.has("organization_id")),
  },
  {
    code: "environment_not_set",
    facts: (claims, { name }) => when(hasEnvironments(name) && !claims.has("environment")),
  },
  {
    code: "ref_not_protected",
    facts: (claims) =>
      comparableClaim(claims, "ref_protected") === "false" ? { ref: refOf(claims) } : undefined,
  },
  {
    code: "ref_is_tag",
    facts: (claims) => (stringClaim(claims, "ref_type") === "tag" ? { ref: refOf(claims) } : undefined),
  },
  { code: "subject_form", facts: (claims, { name }) => when(hasUnusualSubject(claims, name)) },
];

function when(applies: boolean): Readonly<Record<string, string>> | undefined {
  return applies ? {} : undefined;
}

function hasEnvironments(profile: string): boolean {
  return profile === "github" || profile === "gitlab";
}

const USUAL_SUBJECTS: Readonly<Record<string, string>> = {
  github: "repo:",
  forgejo: "repo:",
  gitlab: "project_path:",
  spacelift: "space:",
};

function hasUnusualSubject(claims: JsonObject, profile: string): boolean {
  const usual = USUAL_SUBJECTS[profile];
  return usual !== undefined && stringClaim(claims, "sub")?.startsWith(usual) === false;
}

function refOf(claims: JsonObject): string {
  return comparableClaim(claims, "ref") ?? "without a name";
}

/** The hints that the job's own token gives, each a sentence. */
export function noMatchHints(claims: JsonObject, profile: Profile): readonly string[] {
  return HINTS.flatMap(({ code, facts }) => {
    const found = facts(claims, profile);
    return found === undefined ? [] : [fillIn(HINT_TEXTS[code], found)];
  });
}

/** Claims beside the ids that rules commonly name. */
const GATES = ["environment", "ref", "ref_protected"];

/**
 * Issuer, subject, audience and ids of the token, as a rule for it would have them; without the claims whose mention
 * would let in a kind of job that is refused.
 */
export function ruleOfToken(claims: JsonObject, profile: Profile): readonly string[] {
  const lifting = profile.denials.filter(({ denies }) => denies(claims)).map(({ claim }) => claim);
  const ids = profile.tenants.flatMap(({ claim, id }) => (id === undefined ? [claim] : []));
  const named = [...new Set([...ids, ...GATES])].flatMap((claim) => {
    const value = lifting.includes(claim) ? undefined : comparableClaim(claims, claim);
    return value === undefined ? [] : [`    ${claim}: ${quoted(value)}`];
  });
  return [
    `  issuer: ${quoted(stringClaim(claims, "iss") ?? "")}`,
    `  subject: ${quoted(stringClaim(claims, "sub") ?? "")}`,
    ...(named.length === 0 ? [] : ["  claims:", ...named]),
    `  audience: ${ownAudiences(claims).map(quoted).join(", ")}`,
  ];
}

/** As YAML and JSON have it. */
function quoted(value: string): string {
  return JSON.stringify(plain(value));
}
