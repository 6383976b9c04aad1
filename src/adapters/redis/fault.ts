import { UnavailableError } from "../../usecases/ports.ts";

/**
 * A command was sent and its answer never came: what it writes may stand or not. One that gives the same answer
 * when it is sent again may be sent again; for all others it is an outage like any.
 */
export class LostAnswerError extends UnavailableError {}

/** The code of an error that Redis itself answered; undefined for a fault of the connection. */
export function replyCode(fault: unknown): string | undefined {
  if (!(fault instanceof Error) || fault.name !== "ReplyError") return undefined;
  return /^[A-Z]+/.exec(fault.message)?.[0] ?? "ERR";
}

/** Another node has the slot: for good (`MOVED`), or its next command only (`ASK`). The host may be "": the same. */
export interface Redirect {
  readonly kind: "MOVED" | "ASK";
  readonly slot: number;
  readonly host: string;
  readonly port: number;
}

export function redirectOf(fault: unknown): Redirect | undefined {
  const code = replyCode(fault);
  if (code !== "MOVED" && code !== "ASK") return undefined;
  const [, slot, host = "", port] = /^[A-Z]+ (\d+) (.*):(\d+)$/.exec((fault as Error).message) ?? [];
  return { kind: code, slot: Number(slot), host, port: Number(port) };
}

/**
 * The outage that a fault of the client is. Names its code alone: Redis quotes arguments in its texts, and
 * ioredis keeps those of the command in its errors.
 */
export function asUnavailable(fault: unknown): UnavailableError {
  if (fault instanceof UnavailableError) return fault;
  const code = replyCode(fault);
  if (code !== undefined) return new UnavailableError(`Redis refused a command: ${code}`);
  return new LostAnswerError(`Redis did not answer: ${connectionCode(fault)}`);
}

/** Why a connection failed: the system's code (`ECONNREFUSED`), or Redis's (`WRONGPASS`). */
export function connectionCode(fault: unknown): string {
  const reply = replyCode(fault);
  if (reply !== undefined) return reply;
  if (fault instanceof Error && "code" in fault && typeof fault.code === "string") return fault.code;
  if (fault instanceof Error && fault.message.startsWith("All sentinels are unreachable")) {
    return "no Sentinel names a primary";
  }
  return "connection lost";
}
