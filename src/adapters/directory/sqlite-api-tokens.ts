import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { ApiTokens } from "../../usecases/ports.ts";
import { AuditEvents } from "../sqlite/audit-events.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

const LIST = `
  SELECT document FROM api_tokens ORDER BY json_extract(document, '$.record.createdAt'), id`;
const FIND = "SELECT document FROM api_tokens WHERE id = ?";
const ADD = "INSERT INTO api_tokens (id, expires_at, document) VALUES (?, ?, ?)";

/** API tokens in the store's file. */
export class SqliteApiTokens implements ApiTokens {
  readonly #db: Sql;
  readonly #events: AuditEvents;

  constructor(db: Sql, events = new AuditEvents(db)) {
    this.#db = db;
    this.#events = events;
  }

  async find(id: string): Promise<ApiToken | undefined> {
    const row = this.#find(id);
    return row && decodeDocument<ApiToken>(row.document);
  }

  async list(): Promise<readonly ApiToken[]> {
    return this.#db.all<{ document: string }>(LIST).map(({ document }) => decodeDocument<ApiToken>(document));
  }

  async add(token: ApiToken, event: AuditEvent, only?: "first"): Promise<boolean> {
    const document = encodeDocument(token);
    return this.#db.transaction(() => {
      const there = this.#find(token.id);
      if (there !== undefined) return there.document === document;
      if (only === "first" && this.#hadSuperUser()) return false;
      this.#db.run(ADD, token.id, token.expiresAt, document);
      if (token.scopes.includes("super:user")) this.#db.run("UPDATE system SET had_super_user = 1");
      this.#events.append(event);
      return true;
    });
  }

  async remove(id: string, event: AuditEvent): Promise<boolean> {
    return this.#db.transaction(() => {
      const removed = this.#db.run("DELETE FROM api_tokens WHERE id = ?", id) === 1;
      if (removed) this.#events.append(event);
      return removed;
    });
  }

  #find(id: string): { readonly document: string } | undefined {
    return this.#db.get(FIND, id);
  }

  #hadSuperUser(): boolean {
    return this.#db.get("SELECT 1 FROM system WHERE had_super_user = 1") !== undefined;
  }
}
