import { setImmediate } from "node:timers/promises";
import type { DurableObjectState } from "@cloudflare/workers-types";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { CredentialQuery, RedeemOutcome, Redemption } from "../../usecases/store-records.ts";
import { searchCredentials } from "../ledger/sqlite-credential-list.ts";
import { beginEpoch } from "../ledger/sqlite-epochs.ts";
import { SqliteLedger } from "../ledger/sqlite-ledger.ts";
import { SqliteSweeper } from "../sweeper/sqlite-sweeper.ts";
import type { LedgerCalls } from "./ledger-calls.ts";
import { LEDGER_STEPS } from "./object-schema.ts";
import { StoreObject } from "./store-object.ts";

const HOUR_MS = 3_600_000;
/** Rows that one transaction of an alarm deletes: some milliseconds, for which exchanges wait. */
const BATCH = 500;
/** Batches of one alarm; what is left has the next one, at once. */
const MAX_BATCHES = 20;
const EXPIRING = ["expired marks", "expired credentials"] as const;

const HAS_RECORDS = `
  SELECT 1 WHERE EXISTS (SELECT 1 FROM marks) OR EXISTS (SELECT 1 FROM blocks) OR EXISTS (SELECT 1 FROM credentials)`;

/**
 * One shard of the ledger: marks, credentials, epoch, and the audit record of its exchanges; an exchange is one
 * transaction. What has expired goes with the writes that follow and, when none do, by an alarm an hour, for as long
 * as there is something that will expire.
 */
export class LedgerObject extends StoreObject implements LedgerCalls {
  readonly #ledger: SqliteLedger;
  readonly #sweeper: SqliteSweeper;
  /** Whether an alarm is set, as far as this instance knows. */
  #armed = false;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env, LEDGER_STEPS, { maxEvents: 2500, trimEvery: 500 });
    this.#ledger = new SqliteLedger(this.sql, this.clock, this.events);
    this.#sweeper = new SqliteSweeper(this.sql);
  }

  async beginEpoch(shard: number, present: "keep" | "replace"): Promise<void> {
    const now = Math.floor(this.clock.now() / 1000);
    this.sql.transaction(() => beginEpoch(this.sql, shard, present, now));
  }

  /** The alarm first: a crash before the record leaves one that finds nothing, and never a record without an alarm. */
  async redeem(redemption: Redemption): Promise<RedeemOutcome> {
    await this.#arm();
    return this.#ledger.redeem(redemption);
  }

  findCredential(id: string) {
    return this.#ledger.findCredential(id);
  }

  revoke(id: string, at: number, event: AuditEvent) {
    return this.#ledger.revoke(id, at, event);
  }

  searchCredentials(query: CredentialQuery) {
    return searchCredentials(this.sql, query);
  }

  record(events: readonly AuditEvent[]) {
    return this.#ledger.record(events);
  }

  async ping(): Promise<void> {
    this.sql.get("SELECT id FROM epochs");
  }

  override async alarm(): Promise<void> {
    this.#armed = false;
    const all = await this.#deleteExpired();
    const isLeft = this.sql.get(HAS_RECORDS) !== undefined;
    if (isLeft) await this.#arm(all ? HOUR_MS : 0);
  }

  /** Returns whether it got to the end within its batches. */
  async #deleteExpired(): Promise<boolean> {
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      let gone = 0;
      for (const kind of EXPIRING) gone += await this.#sweeper.sweep(kind, BATCH, this.clock.now());
      if (gone === 0) return true;
      await setImmediate();
    }
    return false;
  }

  async #arm(inMs = HOUR_MS): Promise<void> {
    if (this.#armed) return;
    const { storage } = this.ctx;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(this.clock.now() + inMs);
    this.#armed = true;
  }
}
