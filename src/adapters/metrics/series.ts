/** What is counted on Workers, with the names and the words that `prometheus.ts` has for it. */
export const COUNTED = {
  berth_request_duration_seconds: {
    type: "histogram",
    help: "Time from a request's headers to its answer, by the template of its route and the class of its status.",
  },
  berth_exchanges_total: {
    type: "counter",
    help: "Exchanges of identity tokens, by how they ended and the family of the issuer.",
  },
  berth_registry_tokens_total: {
    type: "counter",
    help: "Requests for registry tokens, by how they ended and the registry.",
  },
  berth_rate_limited_requests_total: {
    type: "counter",
    help: "Requests refused for their client's address before anything was looked at.",
  },
  berth_collected_records_total: {
    type: "counter",
    help: "Records that the collector removed, by kind.",
  },
  berth_audit_events_lost_total: {
    type: "counter",
    help: "Audit events that never got into the ledger.",
  },
  berth_near_misses_lost_total: {
    type: "counter",
    help: "Refused tokens that were not looked at for near misses.",
  },
  berth_store_up: { type: "gauge", help: "Whether a store answers: 1 or 0." },
  berth_certificate_expiry_timestamp_seconds: {
    type: "gauge",
    help: "When the newest certificate of a use ends, in Unix seconds: of the CA, of leaves (x5c), of a pinned key.",
  },
} as const satisfies Record<string, { readonly type: string; readonly help: string }>;

export type MetricName = keyof typeof COUNTED;

/** Values by series: a name with its labels, as the text format writes it. */
export type Series = Readonly<Record<string, number>>;

/** `berth_exchanges_total{result="granted"}`. */
export function seriesOf(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return written.length === 0 ? name : `${name}{${written.join(",")}}`;
}

/** The text format (0.0.4): each metric's help and type, then its series. */
export function seriesText(series: Series): string {
  const lines = Object.entries(COUNTED).flatMap(([name, { help, type }]) => {
    const own = Object.keys(series).filter((one) => metricOf(one) === name);
    if (own.length === 0) return [];
    const values = own.map((one) => `${one} ${series[one]}`);
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values];
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** Of a histogram's series the suffix is not part of the name. */
function metricOf(series: string): string {
  const [name = ""] = series.split("{");
  return name.replace(/_(?:bucket|sum|count)$/, "");
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
