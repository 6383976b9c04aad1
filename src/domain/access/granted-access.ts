import { askedActions, type DockerScope, formatDockerScope, isCatalogScope } from "./docker-scope.ts";
import { allowedActions, type Grant } from "./permission.ts";
import { isRepositoryName } from "./repository.ts";

/** What someone may do: at repositories, and whether they may list a registry's catalogue. */
export interface Access {
  readonly grants: readonly Grant[];
  readonly catalog: boolean;
}

/** One entry of a registry token's `access` claim (Docker token specification). */
export interface AccessEntry {
  readonly type: "repository" | "registry";
  readonly name: string;
  readonly actions: readonly string[];
}

/**
 * The `access` claim: what was asked, cut to what every one of `held` allows. Names and actions are concrete:
 * a registry takes no pattern, and zot no `*`. What is not granted is left out; refusing the whole for a part
 * breaks containerd's pushes, and clients ask for mounts from repositories they cannot read.
 */
export function intersectAccess(
  asked: readonly DockerScope[],
  registry: string,
  held: readonly Access[],
): readonly AccessEntry[] {
  // What everyone of nobody allows is everything.
  if (held.length === 0) return [];
  return asked.flatMap((scope): AccessEntry[] => {
    if (isCatalogScope(scope)) {
      return held.every((access) => access.catalog)
        ? [{ type: "registry", name: "catalog", actions: ["*"] }]
        : [];
    }
    if (scope.type !== "repository" || !isRepositoryName(scope.name)) return [];
    const actions = held.reduce((left, access) => {
      const allowed = allowedActions(access.grants, registry, scope.name);
      return left.filter((action) => allowed.includes(action));
    }, askedActions(scope));
    return actions.length === 0 ? [] : [{ type: "repository", name: scope.name, actions }];
  });
}

/** An access in Docker's scope syntax, for an answer's `scope`; a repository pattern stands as it is. */
export function formatAccess(access: Access): string {
  const scopes = access.grants.map((grant) => formatDockerScope(grant.repository, grant.actions));
  if (access.catalog) scopes.push("registry:catalog:*");
  return [...new Set(scopes)].join(" ");
}
