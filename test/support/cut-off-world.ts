import type { CredentialState } from "../../src/domain/accounts/credential.ts";
import type { ChangeContext } from "../../src/usecases/management/change-context.ts";
import { cutOff } from "../../src/usecases/management/cut-off.ts";
import type { CutOffDeps, CutOffTarget } from "../../src/usecases/management/cut-off-target.ts";
import { listLiveCredentials } from "../../src/usecases/management/list-credentials.ts";
import { AN_OPERATOR, aChangeBy, ManagementWorld } from "./management-world.ts";
import { mintCredential } from "./minted-credential.ts";

export const OPERATOR = aChangeBy(AN_OPERATOR);
/** Whoever holds the pager of `acme`. */
export const ON_CALL = aChangeBy({ scopes: ["credentials:revoke"] });
/** What is in each record of a cut-off. */
export const RECORDED = {
  kind: "credentials.cut_off",
  requestId: "request-1",
  clientAddress: "192.0.2.7",
} as const;

/** A second robot's credential. */
export const OTHER = { robot: "acme+other", robotUid: "other-uid" } as const;
export const BOTH_ALIVE = { "acme+builder": "alive", "acme+other": "alive" };
export const ONE_DEAD = { "acme+builder": "revoked", "acme+other": "alive" };
export const BOTH_DEAD = { "acme+builder": "revoked", "acme+other": "revoked" };

/** Two robots of a namespace, all of which a file owns: the pager asks nobody. */
export class CutOffWorld extends ManagementWorld {
  readonly cutOffDeps: CutOffDeps = { ...this.deps, ledger: this.ledger, apiTokens: this.apiTokens };

  static async start(): Promise<CutOffWorld> {
    const world = new CutOffWorld();
    const other = { name: OTHER.robot, uid: OTHER.robotUid, managedBy: "file" } as const;
    await world.put({ namespace: { managedBy: "file" }, robots: [{ managedBy: "file" }, other] });
    return world;
  }

  cut(target: CutOffTarget, context: ChangeContext = ON_CALL) {
    return cutOff(this.cutOffDeps, target, context);
  }

  async cutOffs() {
    return (await this.events()).filter(({ kind }) => kind === "credentials.cut_off");
  }

  /** A credential of each robot. */
  async mintBoth() {
    const { credential } = await mintCredential(this);
    await mintCredential(this, OTHER);
    return credential;
  }

  /** Robot → the state of its credential. */
  async states(): Promise<Readonly<Record<string, CredentialState>>> {
    const listed = await listLiveCredentials(this.cutOffDeps, {}, { limit: 100 });
    if (!listed.ok) throw new Error(listed.error.reason);
    return Object.fromEntries(listed.value.credentials.map(({ robot, state }) => [robot, state]));
  }
}
