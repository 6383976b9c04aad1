import type { Registry } from "../../domain/access/registry.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { CommitOutcome, SystemChange, SystemRecords } from "../../usecases/store-records.ts";
import type { AuditEvents } from "../sqlite/audit-events.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

const PUT_ISSUER = `
  INSERT INTO issuers (url, document) VALUES (?, ?)
  ON CONFLICT (url) DO UPDATE SET document = excluded.document`;
const PUT_REGISTRY = `
  INSERT INTO registries (service, document) VALUES (?, ?)
  ON CONFLICT (service) DO UPDATE SET document = excluded.document`;

/** Issuers and registries in the store's file. */
export class SqliteSystem {
  readonly #db: Sql;
  readonly #events: AuditEvents;

  constructor(db: Sql, events: AuditEvents) {
    this.#db = db;
    this.#events = events;
  }

  read(): SystemRecords {
    return this.#db.snapshot(() => ({
      revision: this.#revision(),
      issuers: this.#documents<TrustedIssuer>("SELECT document FROM issuers ORDER BY url"),
      registries: this.#documents<Registry>("SELECT document FROM registries ORDER BY service"),
    }));
  }

  commit(change: SystemChange): CommitOutcome {
    return this.#db.transaction(() => {
      if (this.#revision() !== change.fromRevision) return "conflict";
      this.#db.run("UPDATE system SET revision = revision + 1");
      for (const url of change.removeIssuers) this.#db.run("DELETE FROM issuers WHERE url = ?", url);
      for (const issuer of change.putIssuers) this.#db.run(PUT_ISSUER, issuer.url, encodeDocument(issuer));
      for (const service of change.removeRegistries) {
        this.#db.run("DELETE FROM registries WHERE service = ?", service);
      }
      for (const registry of change.putRegistries) {
        this.#db.run(PUT_REGISTRY, registry.service, encodeDocument(registry));
      }
      this.#events.append(change.event);
      return "committed";
    });
  }

  #revision(): number {
    return this.#db.get<{ revision: number }>("SELECT revision FROM system")?.revision ?? 0;
  }

  #documents<T>(sql: string): T[] {
    return this.#db.all<{ document: string }>(sql).map(({ document }) => decodeDocument<T>(document));
  }
}
