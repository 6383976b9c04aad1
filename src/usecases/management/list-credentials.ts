import type { GrantableApiScope } from "../../domain/access/api-scope.ts";
import type { Access } from "../../domain/access/granted-access.ts";
import { isRobotName, type RobotName } from "../../domain/access/names.ts";
import {
  type Credential,
  type CredentialState,
  credentialState,
  type StoredCredential,
} from "../../domain/accounts/credential.ts";
import type { Account } from "../../domain/accounts/robot.ts";
import { type ManagementReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock, Directory, Ledger } from "../ports.ts";
import type { CredentialPage } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";

export interface CredentialListDeps {
  readonly directory: Pick<Directory, "findAccount" | "readSystem">;
  readonly ledger: Pick<Ledger, "listCredentials">;
  readonly clock: Clock;
}

/** Whose credentials: of one robot, else of one namespace, else all. */
export interface CredentialFilter {
  readonly namespace?: string;
  readonly robot?: RobotName;
}

/** A credential, or an API token that an identity token earned, as it may be shown: it opens nothing. */
export interface ListedCredential extends Access {
  readonly id: string;
  readonly state: CredentialState;
  readonly robot: RobotName;
  readonly ruleId: string;
  readonly apiScopes?: readonly GrantableApiScope[];
  readonly issuer: string;
  readonly subject: string;
  readonly provenance: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly revokedAt?: number;
}

export interface CredentialListing {
  readonly credentials: readonly ListedCredential[];
  /** Where the next page begins; absent: there are no more. May stand behind an empty page. */
  readonly next?: string;
}

/**
 * Credentials whose time is not over, with who earned them, from which run, and whether they still open anything:
 * one that a deleted rule or a new nonce has ended is "revoked", though nobody revoked it by its id.
 *
 * Costs one read of the directory for each robot on the page. Of a robot that was made anew only its own are
 * listed; those of the old one are dead, and are found by the namespace.
 */
export function listLiveCredentials(
  deps: CredentialListDeps,
  { namespace, robot }: CredentialFilter,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<Result<CredentialListing, Rejection<ManagementReason>>> {
  return refuseWhenUnavailable(async () => {
    // A store makes keys of names: what is none gets no further.
    const isName = robot !== undefined && isRobotName(robot);
    const account = isName ? await deps.directory.findAccount(robot) : undefined;
    if (robot !== undefined && account === undefined) return err(rejection("robot_unknown", robot));
    const page = await deps.ledger.listCredentials({
      ...(namespace === undefined ? {} : { namespace }),
      ...(account === undefined ? {} : { robotUid: account.robot.uid }),
      ...(after === undefined ? {} : { after }),
      limit,
      now: secondsOf(deps.clock),
    });
    return ok(await withStates(deps, page));
  });
}

async function withStates(deps: CredentialListDeps, page: CredentialPage): Promise<CredentialListing> {
  const names = [...new Set(page.credentials.map(({ credential }) => credential.robot))];
  const [{ issuers }, ...found] = await Promise.all([
    deps.directory.readSystem(),
    ...names.map((name) => deps.directory.findAccount(name)),
  ]);
  const accounts = new Map(names.map((name, at) => [name, found[at]]));
  const nonces = new Map(issuers.filter(({ enabled }) => enabled).map(({ url, nonce }) => [url, nonce]));
  const stateOf = (stored: StoredCredential, account: Account | undefined) =>
    credentialState(stored, account, nonces.get(stored.credential.issuer), secondsOf(deps.clock));
  return {
    credentials: page.credentials.map((stored) =>
      shown(stored.credential, stateOf(stored, accounts.get(stored.credential.robot))),
    ),
    ...(page.next === undefined ? {} : { next: page.next }),
  };
}

/** Field by field, so that what a credential may come to hold stays in until it is named here. */
function shown(credential: Credential, state: CredentialState): ListedCredential {
  const { apiScopes, revokedAt } = credential;
  return {
    id: credential.id,
    state,
    robot: credential.robot,
    ruleId: credential.ruleId,
    ...(apiScopes === undefined ? {} : { apiScopes }),
    issuer: credential.issuer,
    subject: credential.subject,
    provenance: credential.provenance,
    grants: credential.grants,
    catalog: credential.catalog,
    issuedAt: credential.issuedAt,
    expiresAt: credential.expiresAt,
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}

function secondsOf(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
