import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PrometheusMetrics } from "../../src/adapters/metrics/prometheus.ts";
import { TestClock } from "../support/test-clock.ts";

interface Panel {
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const FILE = new URL("../../docs/grafana/berth-dashboard.json", import.meta.url);
const { panels } = JSON.parse(readFileSync(FILE, "utf8")) as { readonly panels: readonly Panel[] };
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Metrics that the registry has, as its HELP lines name them, and the series of histograms. */
async function registered(): Promise<ReadonlySet<string>> {
  const metrics = new PrometheusMetrics();
  const answer = () => Promise.resolve();
  metrics.observe({
    directory: {
      ping: answer,
      readSystem: async () => ({ revision: 0, issuers: [], registries: [] }),
      readKeys: async () => [],
    },
    ledger: { ping: answer },
    clock: new TestClock(),
    audit: () => ({ lost: 0, buffered: 0, sinkLost: 0, nearMissesLost: 0, leftOut: 0 }),
  });
  const text = await metrics.text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );
  return new Set(names);
}

const namesIn = (expression: string) =>
  [...expression.matchAll(/\b(?:berth|process|nodejs)_\w+/g)].map(([name]) => name);

it("asks for no metric that Berth does not have", async () => {
  const known = await registered();
  expect(expressions.flatMap(namesIn).filter((name) => !known.has(name))).toEqual([]);
});

it("shows every metric of Berth's own", async () => {
  const shown = new Set(expressions.flatMap(namesIn));
  const own = [...(await registered())].filter((name) => name.startsWith("berth_") && !name.endsWith("_sum"));
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((name) => !shown.has(name))).toEqual([]);
});

it("asks for something in every panel", () => {
  const empty = panels.filter(
    ({ type, targets = [] }) => type !== "row" && !targets.some(({ expr }) => namesIn(expr).length > 0),
  );
  expect(empty).toEqual([]);
});
