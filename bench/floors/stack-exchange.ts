/** The stack floor of an exchange on SQLite: one insert a request, with `synchronous=FULL`. */
import { DatabaseSync } from "node:sqlite";
import { serveExchangeFloor } from "./exchange-app.ts";

const database = new DatabaseSync(process.env.BENCH_FILE ?? "");
database.exec(
  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE used (id TEXT PRIMARY KEY, at INTEGER)",
);
const insert = database.prepare("INSERT INTO used VALUES (?, ?)");
await serveExchangeFloor((hash) => insert.run(hash, Date.now()));
