import { FILE_OWNER } from "../../domain/accounts/declaration.ts";
import type { DeclarationState } from "../../usecases/store-records.ts";
import { decodeDocument, encodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

const WRITE_OWN_FILE = `
  INSERT INTO declaration (id, document) VALUES (1, ?)
  ON CONFLICT (id) DO UPDATE SET document = excluded.document`;
const WRITE = `
  INSERT INTO declarations (series, document) VALUES (?, ?)
  ON CONFLICT (series) DO UPDATE SET document = excluded.document`;

const LIST = `
  SELECT ? AS series, document FROM declaration UNION ALL SELECT series, document FROM declarations`;

/** What was applied last: the server's own file in a table by itself, where the release before has it. */
export class SqliteDeclarations {
  readonly #db: Sql;

  constructor(db: Sql) {
    this.#db = db;
  }

  read(series: string): DeclarationState | undefined {
    const row =
      series === FILE_OWNER
        ? this.#db.get<{ document: string }>("SELECT document FROM declaration")
        : this.#db.get<{ document: string }>("SELECT document FROM declarations WHERE series = ?", series);
    return row && decodeDocument<DeclarationState>(row.document);
  }

  list(): ReadonlyMap<string, DeclarationState> {
    return new Map(
      this.#db
        .all<{ series: string; document: string }>(LIST, FILE_OWNER)
        .map(({ series, document }) => [series, decodeDocument<DeclarationState>(document)]),
    );
  }

  write(series: string, state: DeclarationState): void {
    const document = encodeDocument(state);
    this.#db.transaction(() =>
      series === FILE_OWNER ? this.#db.run(WRITE_OWN_FILE, document) : this.#db.run(WRITE, series, document),
    );
  }
}
