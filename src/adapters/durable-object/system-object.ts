import type { DurableObjectState } from "@cloudflare/workers-types";
import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type {
  CommitOutcome,
  DeclarationState,
  RestoreState,
  SweepKind,
  SystemChange,
} from "../../usecases/store-records.ts";
import { SqliteApiTokens } from "../directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../directory/sqlite-directory.ts";
import { SqliteSweeper } from "../sweeper/sqlite-sweeper.ts";
import { DIRECTORY_STEPS } from "./object-schema.ts";
import { StoreObject } from "./store-object.ts";
import type { SystemCalls } from "./system-calls.ts";

const ANNOUNCE = "INSERT INTO namespace_names (name) VALUES (?) ON CONFLICT DO NOTHING";
const LEDGER_OPEN = "ledger-open";

/**
 * All that belongs to no namespace and to no exchange: issuers, registries, keys, API tokens, declarations, leases, a
 * restore under way; and the index of namespaces' names. Each call is one transaction, its event included.
 */
export class SystemObject extends StoreObject implements SystemCalls {
  readonly #directory: SqliteDirectory;
  readonly #apiTokens: SqliteApiTokens;
  readonly #sweeper: SqliteSweeper;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env, DIRECTORY_STEPS, { maxEvents: 10_000, trimEvery: 1000 });
    this.#directory = new SqliteDirectory(this.sql, this.clock, this.events);
    this.#apiTokens = new SqliteApiTokens(this.sql, this.events);
    this.#sweeper = new SqliteSweeper(this.sql);
  }

  readSystem() {
    return this.#directory.readSystem();
  }

  async commitSystem(change: SystemChange): Promise<CommitOutcome> {
    const outcome = await this.#directory.commitSystem(change);
    this.events.trim();
    return outcome;
  }

  readKeys() {
    return this.#directory.readKeys();
  }

  addKey(key: StoredKey) {
    return this.#directory.addKey(key);
  }

  replaceKey(key: StoredKey) {
    return this.#directory.replaceKey(key);
  }

  removeKey(name: string) {
    return this.#directory.removeKey(name);
  }

  readDeclarationState(series: string) {
    return this.#directory.readDeclarationState(series);
  }

  listDeclarationStates() {
    return this.#directory.listDeclarationStates();
  }

  writeDeclarationState(series: string, state: DeclarationState) {
    return this.#directory.writeDeclarationState(series, state);
  }

  readRestoreState() {
    return this.#directory.readRestoreState();
  }

  writeRestoreState(state: RestoreState | undefined) {
    return this.#directory.writeRestoreState(state);
  }

  acquireLease(name: string, holder: string, seconds: number) {
    return this.#directory.acquireLease(name, holder, seconds);
  }

  releaseLease(name: string, holder: string) {
    return this.#directory.releaseLease(name, holder);
  }

  ping() {
    return this.#directory.ping();
  }

  findApiToken(id: string) {
    return this.#apiTokens.find(id);
  }

  listApiTokens() {
    return this.#apiTokens.list();
  }

  async addApiToken(token: ApiToken, event: AuditEvent, only?: "first"): Promise<boolean> {
    const added = await this.#apiTokens.add(token, event, only);
    this.events.trim();
    return added;
  }

  async removeApiToken(id: string, event: AuditEvent): Promise<boolean> {
    const removed = await this.#apiTokens.remove(id, event);
    this.events.trim();
    return removed;
  }

  sweep(kind: SweepKind, limit: number, now: number) {
    return this.#sweeper.sweep(kind, limit, now);
  }

  async announceNamespace(name: string): Promise<void> {
    this.sql.transaction(() => this.sql.run(ANNOUNCE, name));
  }

  async listNames(): Promise<readonly string[]> {
    return this.sql
      .all<{ name: string }>("SELECT name FROM namespace_names ORDER BY name")
      .map(({ name }) => name);
  }

  async isLedgerOpen(): Promise<boolean> {
    return this.ctx.storage.kv.get(LEDGER_OPEN) === true;
  }

  async noteLedgerOpen(): Promise<void> {
    this.ctx.storage.kv.put(LEDGER_OPEN, true);
  }
}
