/** `version-trace-parent-flags`, all in small hexadecimal digits; a later version may have more behind them. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const ZEROS = /^0+$/;

/** Names of a request in its sender's traces: for the log, and for nothing that is decided or recorded. */
export interface TraceContext {
  readonly trace_id: string;
  /** The sender's span, of which this request is a part. */
  readonly span_id: string;
}

/**
 * The `traceparent` of a request (W3C Trace Context, level 1, §3.2); undefined for none, and for what is not of that
 * form: a header that comes twice, version `ff`, ids of zeros, more than version 00 has. It is the sender's word: it
 * may name any trace, so audit events have Berth's own request id alone.
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version, traceId = "", spanId = "", more] = TRACEPARENT.exec(header ?? "") ?? [];
  if (version === undefined || version === "ff") return undefined;
  if (version === "00" && more !== undefined) return undefined;
  if (ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  return { trace_id: traceId, span_id: spanId };
}
