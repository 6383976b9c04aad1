import { isRepositoryName, isRepositoryPattern } from "../access/repository.ts";
import { comparableClaim, type VerifiedClaims } from "../identity/claims.ts";
import type { Profile, Variable } from "../identity/profiles/profile.ts";

const VARIABLE = /\{([a-z_]+)\}/;

/**
 * Whether `text` is what a rule may write as a repository: a name, a pattern, or one of these with variables,
 * `acme/{repository_name}`. The namespace part holds none. A component holds one at most and no wildcard beside
 * it: of `{a}-{b}`, two jobs could make one name.
 */
export function isRepositoryTemplate(text: string): boolean {
  const [first = "", ...rest] = text.split("/");
  const single = rest.every((part) => !part.includes("{") || /^[^{*]*\{[^{*]*$/.test(part));
  return !first.includes("{") && single && isRepositoryPattern(withVariables(text, () => "x"));
}

export function hasVariables(repository: string): boolean {
  return repository.includes("{");
}

/** The names of its variables. */
export function variablesOf(repository: string): readonly string[] {
  return repository.split(VARIABLE).filter((_, at) => at % 2 === 1);
}

/** A variable of the family by its name; undefined for one that it does not allow. */
export function variableNamed(profile: Profile, name: string): Variable | undefined {
  return Object.hasOwn(profile.variables, name) ? profile.variables[name] : undefined;
}

/** A pattern that takes in all that the template can become, whatever a token says. */
export function widestOf(repository: string, profile: Profile): string {
  return withVariables(repository, (name) => (variableNamed(profile, name)?.take === "whole" ? "**" : "*"));
}

/**
 * The repository name (or pattern, where wildcards stand beside the variables) that a template becomes for a job.
 * Undefined when the token lacks a claim, or has a value there that is no repository name: neither a wildcard nor
 * a way out of the namespace can come from a token.
 */
export function fillTemplate(
  repository: string,
  claims: VerifiedClaims,
  profile: Profile,
): string | undefined {
  const parts = repository
    .split(VARIABLE)
    .map((text, at) => (at % 2 === 1 ? variableValue(text, claims, profile) : text));
  const filled = parts.join("");
  return !parts.includes(undefined) && isRepositoryPattern(filled) ? filled : undefined;
}

function variableValue(name: string, claims: VerifiedClaims, profile: Profile): string | undefined {
  const variable = variableNamed(profile, name);
  const value = variable && comparableClaim(claims, variable.claim);
  if (variable === undefined || value === undefined) return undefined;
  // ASCII alone: the Kelvin sign is a `k` in lower case, and another repository's name.
  const taken = part(value, variable.take).replace(/[A-Z]/g, (capital) => capital.toLowerCase());
  return isRepositoryName(taken) ? taken : undefined;
}

function part(value: string, take: Variable["take"]): string {
  if (take === "whole") return value;
  return value.replace(take === "first-segment" ? /\/.*/s : /.*\//s, "");
}

function withVariables(repository: string, valueOfName: (name: string) => string): string {
  return repository
    .split(VARIABLE)
    .map((text, at) => (at % 2 === 1 ? valueOfName(text) : text))
    .join("");
}
