export type SqlValue = string | number | null;

/**
 * SQLite as the adapters use it, the same in a file and in a Durable Object. Calls return when they are done; rows
 * come as the statement names their columns: `Row` is the caller's word for that. Throws UnavailableError when the
 * store cannot be read or written.
 */
export interface Sql {
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SqlValue[]): Row[];
  /** Returns how many rows it has changed. Within a transaction. */
  run(sql: string, ...values: SqlValue[]): number;
  /** Runs `work` alone on the store: all of it stands when its caller is answered, or none. Not within another. */
  transaction<T>(work: () => T): T;
  /** Runs reads that all see one moment of the store. */
  snapshot<T>(work: () => T): T;
}
