import { UnavailableError } from "../../usecases/ports.ts";

/** Primary result codes that say "not now" or "not on this disk", and nothing of the statement. */
const UNAVAILABLE: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  9: "SQLITE_INTERRUPT",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  15: "SQLITE_PROTOCOL",
  22: "SQLITE_NOLFS",
  23: "SQLITE_AUTH",
  26: "SQLITE_NOTADB",
};

/**
 * Runs calls of SQLite. Throws UnavailableError when the file cannot be read or written, judged by the result
 * code; any other fault is thrown on as it is.
 */
export function answered<T>(call: () => T): T {
  try {
    return call();
  } catch (fault) {
    const name = codeName(fault);
    if (name === undefined) throw fault;
    throw new UnavailableError(`the store did not answer: ${name}`, { cause: fault });
  }
}

function codeName(fault: unknown): string | undefined {
  if (!(fault instanceof Error) || !("code" in fault)) return undefined;
  // Closed: a request was still under way when the server stopped.
  if (fault.code === "ERR_INVALID_STATE") return "closed";
  if (fault.code !== "ERR_SQLITE_ERROR" || !("errcode" in fault)) return undefined;
  // The low byte of an extended result code is the primary one.
  return UNAVAILABLE[Number(fault.errcode) & 0xff];
}
