import { matchesPattern } from "./pattern.ts";
import { type Permission, ROLES } from "./permission.ts";

/**
 * Whether one of `by` allows at least all that `permission` does: same registry, as wide a repository pattern,
 * as high a role. Errs to "no": what only several together cover is not covered.
 */
export function isCovered(permission: Permission, by: readonly Permission[]): boolean {
  const role = ROLES.indexOf(permission.role);
  return by.some(
    (wider) =>
      wider.registry === permission.registry &&
      ROLES.indexOf(wider.role) >= role &&
      patternCovers(wider.repository, permission.repository),
  );
}

/**
 * The narrower pattern is taken for a name whose stars stand for themselves: what can swallow a star can swallow
 * all that the star stands for. `**` becomes a separator, so that only `**` swallows it: `acme/*` must not
 * cover `acme/**`. Neither `:` nor a star can stand in a pattern's plain text.
 */
function patternCovers(wider: string, narrower: string): boolean {
  return matchesPattern(wider, narrower.replaceAll("**", ":"));
}
