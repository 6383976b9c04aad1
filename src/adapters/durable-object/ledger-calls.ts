import type { Ledger } from "../../usecases/ports.ts";
import type { CredentialQuery } from "../../usecases/store-records.ts";
import type { SearchedPage } from "../ledger/sqlite-credential-list.ts";
import type { AuditCalls } from "./audit-calls.ts";

/** What the object of one of the ledger's shards answers: `Ledger`, as far as that shard goes. */
export interface LedgerCalls
  extends AuditCalls,
    Pick<Ledger, "redeem" | "findCredential" | "revoke" | "record" | "ping"> {
  /** @param present What becomes of an epoch that is there. */
  beginEpoch(shard: number, present: "keep" | "replace"): Promise<void>;
  /** `Ledger.listCredentials`, of this shard. */
  searchCredentials(query: CredentialQuery): Promise<SearchedPage>;
}
