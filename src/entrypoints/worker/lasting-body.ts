import { JSON_LINES } from "../../http/management/audit-lines.ts";

/** An answer, and when nothing of its body is left to make. */
export interface LastingResponse {
  readonly response: Response;
  /** Never rejects: who reads the body learns of its fault. */
  readonly ended: Promise<void>;
}

/** Of a body that is made while it is read, from the store of the request, this waits for the end. */
export function lastingBody(response: Response): LastingResponse {
  const isStream = response.headers.get("content-type") === JSON_LINES;
  if (!isStream || response.body === null) return { response, ended: Promise.resolve() };
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const ended = response.body.pipeTo(writable).catch(() => undefined);
  return { response: new Response(readable, response), ended };
}
