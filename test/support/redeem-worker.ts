/** A process that opens the store named by its argument, and redeems what it is sent, all at once. */
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { openDatabase } from "../../src/adapters/sqlite/database.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";

const [file = ""] = process.argv.slice(2);
const db = openDatabase(file);
const ledger = new SqliteLedger(db, systemClock);

process.once("message", async (redemptions: readonly Redemption[]) => {
  const outcomes = await Promise.all(redemptions.map((redemption) => ledger.redeem(redemption)));
  db.close();
  process.send?.(outcomes, () => process.disconnect());
});
process.send?.("open");
