import type { SqliteDatabase } from "./database.ts";

/** A store that this release of Berth cannot read, since a newer one or another program has written it. */
export class StoreVersionError extends Error {
  override readonly name = "StoreVersionError";
}

/** Of the first step; a Durable Object of the ledger has these alone (`../durable-object/object-schema.ts`). */
export const LEDGER_TABLES = `
  -- The ledger: what exchanges write. Times are Unix seconds.
  CREATE TABLE epochs (shard INTEGER PRIMARY KEY, id TEXT NOT NULL, born_at INTEGER NOT NULL) STRICT;
  CREATE TABLE marks (
    shard INTEGER NOT NULL,
    replay_key TEXT NOT NULL,
    credential_id TEXT NOT NULL,
    retry_key_hash TEXT,
    replaced TEXT,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (shard, replay_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX marks_by_expiry ON marks (expires_at);
  -- Reusable identity tokens of which a credential was revoked.
  CREATE TABLE blocks (
    shard INTEGER NOT NULL,
    replay_key TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (shard, replay_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blocks_by_expiry ON blocks (expires_at);
  CREATE TABLE credentials (
    id TEXT PRIMARY KEY,
    shard INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    replay_key TEXT NOT NULL,
    reusable INTEGER NOT NULL,
    robot_uid TEXT NOT NULL,
    mark_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX credentials_by_expiry ON credentials (expires_at);
  CREATE INDEX reusable_by_robot ON credentials (shard, robot_uid, expires_at) WHERE reusable = 1;
`;
export const EVENT_TABLES = `
  -- Audit events of both.
  CREATE TABLE events (seq INTEGER PRIMARY KEY, refusal INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
  CREATE INDEX events_by_worth ON events (refusal DESC, seq);
`;

/**
 * The steps from one version of the schema to the next; the file's `user_version` says how many it has had. A
 * step that was released is never changed: the next one is appended.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- The directory: what operators and namespaces write.
  CREATE TABLE system (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
  INSERT INTO system VALUES (1, 0);
  CREATE TABLE issuers (url TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  CREATE TABLE registries (service TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  -- A namespace that was removed keeps its row, without a document, so that its revision goes on.
  CREATE TABLE namespaces (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, document TEXT) STRICT;
  CREATE TABLE robots (
    name TEXT PRIMARY KEY,
    namespace TEXT NOT NULL REFERENCES namespaces (name),
    document TEXT NOT NULL,
    rules_revision TEXT NOT NULL,
    rules TEXT NOT NULL
  ) STRICT;
  CREATE INDEX robots_of_namespace ON robots (namespace);
  CREATE TABLE keys (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  CREATE TABLE declaration (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL) STRICT;
  CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at_ms INTEGER NOT NULL) STRICT;

${LEDGER_TABLES}${EVENT_TABLES}`,
  `
  -- The directory: ids that the first match of a rule has recorded.
  CREATE TABLE pins (
    robot TEXT NOT NULL REFERENCES robots (name) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (robot, rule_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The ledger: verified tokens that matched no rule. Times are Unix milliseconds, days those since 1970.
  CREATE TABLE near_misses (
    namespace TEXT NOT NULL,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    times INTEGER NOT NULL,
    requests TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (namespace, tenant, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX near_misses_by_time ON near_misses (at);
  CREATE TABLE near_miss_others (
    namespace TEXT NOT NULL,
    day INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (namespace, day)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The directory: a namespace without a document is a reserved name since reserved_at (Unix seconds; NULL: since
  -- before this step), unless it was released at the revision that it still has.
  ALTER TABLE namespaces ADD COLUMN reserved_at INTEGER;
  ALTER TABLE namespaces ADD COLUMN released_revision INTEGER;
  CREATE INDEX removed_namespaces ON namespaces (name) WHERE document IS NULL;
  CREATE INDEX robots_by_name ON robots (namespace, name);
  DROP INDEX robots_of_namespace;
  -- A removed namespace's robots go later, by and by. Those that are left must not come alive with one made anew, not
  -- even by a process of the release before, which has the file open and takes them to be gone.
  CREATE TRIGGER namespace_made_anew AFTER UPDATE OF document ON namespaces
  WHEN OLD.document IS NULL AND NEW.document IS NOT NULL
  BEGIN
    DELETE FROM robots WHERE namespace = NEW.name;
  END;
  CREATE TABLE api_tokens (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
  CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at);
  -- Whether there has ever been an API token with super:user.
  ALTER TABLE system ADD COLUMN had_super_user INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE restore (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL) STRICT;
  -- Of declarations that clients apply; that of a server's own file stays where the release before looks for it.
  CREATE TABLE declarations (series TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  `,
];

interface SchemaRow {
  readonly version: number;
  readonly objects: number;
}

/** One statement, so that both are of one moment while another process makes the store. */
const READ_VERSION = `
  SELECT user_version AS version, (SELECT count(*) FROM sqlite_schema) AS objects FROM pragma_user_version`;

/** Brings the store to this release's schema, in one transaction. Throws as `readSchemaVersion` does. */
export function migrate(db: SqliteDatabase, file: string): void {
  if (readSchemaVersion(db, file) === MIGRATIONS.length) return;
  // Read again under the lock: several processes of one host may start on one new file.
  db.transaction(() => {
    for (const step of MIGRATIONS.slice(readSchemaVersion(db, file))) db.script(step);
    db.script(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/**
 * The steps that the store has had; writes nothing. Throws StoreVersionError for a store of a newer release, and
 * for a database that is no store.
 *
 * @param file For the sentence alone.
 */
export function readSchemaVersion(db: SqliteDatabase, file: string): number {
  const { version, objects } = db.get<SchemaRow>(READ_VERSION) ?? { version: 0, objects: 0 };
  if (version > MIGRATIONS.length) {
    throw new StoreVersionError(
      `the store ${file} has schema version ${version}, and this release of Berth knows versions up to ` +
        `${MIGRATIONS.length}: start the newer release, or restore a backup that an older one made`,
    );
  }
  if (version === 0 && objects > 0) {
    throw new StoreVersionError(`the file ${file} is a database of another program`);
  }
  return version;
}
