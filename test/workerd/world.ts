import type { AuditEvent } from "../../src/domain/audit-event.ts";

/** What a test says to the Worker under test with each request. */
export interface World {
  /** No other test has it. */
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Unix milliseconds that stand still; absent: the machine's clock. */
  readonly now?: number;
}

/** What the Worker said and recorded while it answered, for a test that looks at it. */
export interface Notes {
  /** Lines of the log. */
  readonly log: readonly string[];
  /** Events that were handed to the audit trail. */
  readonly trail: readonly AuditEvent[];
}

const WORLD = "x-berth-test-world";
export const NOTES = "x-berth-test-notes";

/** The answer with the notes in a header. */
export function withNotes(response: Response, notes: Notes): Response {
  const noted = new Response(response.body, response);
  noted.headers.set(NOTES, encodeURIComponent(JSON.stringify(notes)));
  return noted;
}

/** The notes of an answer. */
export function takeNotes(response: Response): Notes {
  const notes = response.headers.get(NOTES);
  return notes === null ? { log: [], trail: [] } : (JSON.parse(decodeURIComponent(notes)) as Notes);
}

export function worldHeaders(world: World): Record<string, string> {
  return { [WORLD]: JSON.stringify(world) };
}

export function readWorld(headers: Headers): World {
  return JSON.parse(headers.get(WORLD) ?? "{}") as World;
}
