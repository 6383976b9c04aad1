import { SqliteAuditLog } from "../../src/adapters/audit/sqlite-audit-log.ts";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { SqliteNearMisses } from "../../src/adapters/ledger/sqlite-near-misses.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { newSqliteStore } from "../support/sqlite-store.ts";
import { auditLogContract } from "./audit-log-contract.ts";

auditLogContract("SQLite", async () => {
  const store = newSqliteStore();
  const db = store.connect();
  const ledger = new SqliteLedger(db, systemClock);
  await ledger.open();
  db.run("UPDATE epochs SET born_at = 0");
  return {
    auditLog: new SqliteAuditLog(db),
    ledger,
    directory: new SqliteDirectory(db, systemClock),
    nearMisses: new SqliteNearMisses(db),
    clock: systemClock,
    close: async () => store.remove(),
  };
});
