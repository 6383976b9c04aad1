import type { ApiTokens, Directory, Sweeper } from "../../usecases/ports.ts";
import type { AuditCalls } from "./audit-calls.ts";

/** What the one object of all that belongs to no namespace answers. */
export interface SystemCalls
  extends AuditCalls,
    Pick<
      Directory,
      | "readSystem"
      | "commitSystem"
      | "readKeys"
      | "addKey"
      | "replaceKey"
      | "removeKey"
      | "readDeclarationState"
      | "writeDeclarationState"
      | "listDeclarationStates"
      | "readRestoreState"
      | "writeRestoreState"
      | "acquireLease"
      | "releaseLease"
      | "ping"
    > {
  findApiToken: ApiTokens["find"];
  listApiTokens: ApiTokens["list"];
  addApiToken: ApiTokens["add"];
  removeApiToken: ApiTokens["remove"];
  sweep: Sweeper["sweep"];
  /** Lists a name, for ever. Done before the namespace is made, so that none is ever unlisted. */
  announceNamespace(name: string): Promise<void>;
  /** Every name that a namespace has, is about to have, or had, in their order. */
  listNames(): Promise<readonly string[]>;
  /** Whether every shard of the ledger has had an epoch begun. */
  isLedgerOpen(): Promise<boolean>;
  noteLedgerOpen(): Promise<void>;
}
