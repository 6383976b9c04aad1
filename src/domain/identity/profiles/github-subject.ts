import { comparableClaim, stringClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";
import type { SubjectTenant } from "./profile.ts";

/** `repo:OWNER/NAME:…`, or with ids, as GitHub gives it to repositories made, renamed or moved since July 2026. */
const CLASSIC = /^repo:([^@/:]+)\/([^@/:]+)(:.*)?$/s;
const WITH_IDS = /^repo:([^@/:]+)@(\d+)\/([^@/:]+)@(\d+)(:.*)?$/s;

interface RepositorySubject {
  readonly owner: string;
  readonly name: string;
  /** From the colon after the repository on; empty when nothing follows. */
  readonly rest: string;
  /** The ids in the subject itself. */
  readonly ids?: { readonly owner: string; readonly repository: string };
}

/**
 * The spellings of one subject: with ids and without, and each with owner and name in lower case too, since GitHub
 * takes no notice of their case and shows it as its owner last wrote it. What follows the repository (a ref, an
 * environment) stays as it is. A customised subject that does not begin with a repository has one spelling.
 *
 * Returns undefined when ids in the subject are not those of `repository_owner_id` and `repository_id`, and when
 * the subject is not text.
 */
export function githubSubjectSpellings(claims: JsonObject): readonly string[] | undefined {
  const sub = stringClaim(claims, "sub");
  if (sub === undefined) return undefined;
  const subject = parseSubject(sub);
  if (subject === undefined) return [sub];
  const owner = comparableClaim(claims, "repository_owner_id");
  const repository = comparableClaim(claims, "repository_id");
  if (subject.ids !== undefined && (subject.ids.owner !== owner || subject.ids.repository !== repository)) {
    return undefined;
  }
  const ids = isId(owner) && isId(repository) ? { owner, repository } : undefined;
  const names = [
    { owner: subject.owner, name: subject.name },
    { owner: lowerCase(subject.owner), name: lowerCase(subject.name) },
  ];
  const spellings = names.flatMap(({ owner, name }) => [
    `repo:${owner}/${name}${subject.rest}`,
    ...(ids === undefined ? [] : [`repo:${owner}@${ids.owner}/${name}@${ids.repository}${subject.rest}`]),
  ]);
  return [...new Set(spellings)];
}

/** The owner must stand whole before any wildcard: `repo:acme*` takes in `acme-evil`. */
export function githubTenantOfSubject(fixedPrefix: string): SubjectTenant {
  const owner = /^repo:[^@/:]+(@\d+)?\//.exec(fixedPrefix);
  if (owner === null) return "none";
  return owner[1] === undefined ? "name" : "id";
}

function parseSubject(sub: string): RepositorySubject | undefined {
  const [, owner = "", ownerId = "", name = "", repositoryId = "", rest = ""] = WITH_IDS.exec(sub) ?? [];
  if (owner !== "") return { owner, name, rest, ids: { owner: ownerId, repository: repositoryId } };
  const [, plainOwner, plainName = "", plainRest = ""] = CLASSIC.exec(sub) ?? [];
  return plainOwner === undefined ? undefined : { owner: plainOwner, name: plainName, rest: plainRest };
}

function isId(value: string | undefined): value is string {
  return value !== undefined && /^\d+$/.test(value);
}

/** A to Z alone: `toLowerCase` would take the Kelvin sign for a k. */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
