import { matchesPattern } from "./pattern.ts";

/** What a registry token can allow on a repository. */
export const ACTIONS = ["pull", "push", "delete"] as const;
export type Action = (typeof ACTIONS)[number];

/** READ = pull; WRITE = pull, push; ADMIN = pull, push, delete. */
export const ROLES = ["read", "write", "admin"] as const;
export type Role = (typeof ROLES)[number];

const ROLE_ACTIONS: Readonly<Record<Role, readonly Action[]>> = {
  read: ["pull"],
  write: ["pull", "push"],
  admin: ["pull", "push", "delete"],
};

/** What a robot may do: as an operator writes it. */
export interface Permission {
  /** Service name of a registered registry. */
  readonly registry: string;
  /** A repository name or pattern (`repository.ts`). */
  readonly repository: string;
  readonly role: Role;
}

/** What a credential may do: a permission's actions, or the part of them that was asked for. */
export interface Grant {
  readonly registry: string;
  readonly repository: string;
  readonly actions: readonly Action[];
}

export function grantOf(permission: Permission): Grant {
  return {
    registry: permission.registry,
    repository: permission.repository,
    actions: ROLE_ACTIONS[permission.role],
  };
}

/** All that `grants` allow on one repository of one registry, in the order of ACTIONS. */
export function allowedActions(
  grants: readonly Grant[],
  registry: string,
  repository: string,
): readonly Action[] {
  const matching = grants.filter(
    (grant) => grant.registry === registry && matchesPattern(grant.repository, repository),
  );
  return ACTIONS.filter((action) => matching.some((grant) => grant.actions.includes(action)));
}
