import { expect, it } from "vitest";
import { CountedMetrics } from "./counted-metrics.ts";
import { PrometheusMetrics } from "./prometheus.ts";
import { COUNTED, seriesOf, seriesText } from "./series.ts";

it("hands out what was counted, once, and takes it back", () => {
  const metrics = new CountedMetrics();
  metrics.exchange("granted", "github");
  metrics.exchange("granted", "github");
  metrics.exchange("issuer_unknown", undefined);
  metrics.registryToken("granted", "registry.example.com");
  metrics.registryToken("service_unknown", undefined);
  metrics.limited();
  metrics.collected("expired marks", 7);
  const counted = {
    'berth_exchanges_total{result="granted",profile="github"}': 2,
    'berth_exchanges_total{result="issuer_unknown",profile="none"}': 1,
    'berth_registry_tokens_total{result="granted",registry="registry.example.com"}': 1,
    'berth_registry_tokens_total{result="service_unknown",registry="none"}': 1,
    berth_rate_limited_requests_total: 1,
    'berth_collected_records_total{kind="expired marks"}': 7,
  };
  expect(metrics.take()).toEqual(counted);
  expect(metrics.take()).toEqual({});
  metrics.putBack(counted);
  metrics.limited();
  expect(metrics.take()).toEqual({ ...counted, berth_rate_limited_requests_total: 2 });
});

it("counts times in the buckets, and an end of them all", () => {
  const metrics = new CountedMetrics();
  metrics.request("/v2/auth", 200, 30);
  const series = metrics.take();
  const bucket = (le: string) =>
    series[seriesOf("berth_request_duration_seconds_bucket", { route: "/v2/auth", status: "2xx", le })];
  expect(["0.025", "0.05", "5", "+Inf"].map(bucket)).toEqual([0, 1, 1, 1]);
  expect(series['berth_request_duration_seconds_sum{route="/v2/auth",status="2xx"}']).toBe(0.03);
  expect(series['berth_request_duration_seconds_count{route="/v2/auth",status="2xx"}']).toBe(1);
});

it("writes Prometheus's text, with labels that cannot break a line", () => {
  expect(
    seriesText({ [seriesOf("berth_exchanges_total", { result: 'a"b\\c\nd' })]: 3, unknown_total: 1 }),
  ).toBe(
    [
      "# HELP berth_exchanges_total Exchanges of identity tokens, by how they ended and the family of the issuer.",
      "# TYPE berth_exchanges_total counter",
      'berth_exchanges_total{result="a\\"b\\\\c\\nd"} 3',
      "",
    ].join("\n"),
  );
});

it("has the names and the words that Node has", async () => {
  const prometheus = new PrometheusMetrics();
  prometheus.observe({
    directory: {
      ping: async () => {},
      readSystem: async () => ({ revision: 0, issuers: [], registries: [] }),
      readKeys: async () => [],
    },
    ledger: { ping: async () => {} },
    clock: { now: () => 0, waitUntil: async () => {} },
    audit: () => ({ lost: 0, buffered: 0, sinkLost: 0, nearMissesLost: 0, leftOut: 0 }),
  });
  const text = await prometheus.text();
  for (const [name, { help, type }] of Object.entries(COUNTED)) {
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
  }
});
