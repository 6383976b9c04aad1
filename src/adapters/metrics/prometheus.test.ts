import { beforeEach, describe, expect, it } from "vitest";
import { anIssuer, ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import type { AuditFigures, Observed } from "./observed-metrics.ts";
import { PrometheusMetrics } from "./prometheus.ts";

let metrics: PrometheusMetrics;
beforeEach(() => {
  metrics = new PrometheusMetrics();
});

/** Lines of one metric, without those of the process and the comments. */
async function series(name: string): Promise<readonly string[]> {
  return (await metrics.text()).split("\n").filter((line) => line.startsWith(name));
}

function aKey(change: Partial<StoredKey>): StoredKey {
  const encryptedPrivateKey = { keyId: "k1", iv: "", ciphertext: "" };
  return {
    name: "x5c-1",
    use: "x5c",
    status: "active",
    createdAt: 1,
    publicJwk: {},
    encryptedPrivateKey,
    ...change,
  };
}

const NO_FIGURES: AuditFigures = { lost: 0, buffered: 0, sinkLost: 0, nearMissesLost: 0, leftOut: 0 };

function observe() {
  const clock = new TestClock(1_700_000_000_000);
  const state = {
    issuers: [anIssuer()],
    keys: [] as readonly StoredKey[],
    figures: NO_FIGURES,
    fault: undefined as Error | undefined,
  };
  const answer = async <T>(value: T): Promise<T> => {
    if (state.fault) throw state.fault;
    return value;
  };
  const observed: Observed = {
    directory: {
      ping: () => answer(undefined),
      readSystem: () => answer({ revision: 1, issuers: state.issuers, registries: [] }),
      readKeys: () => answer(state.keys),
    },
    ledger: { ping: () => answer(undefined) },
    clock,
    audit: () => state.figures,
  };
  metrics.observe(observed);
  return { clock, state };
}

describe("what is counted as it happens", () => {
  it("is a request's time, by route and class of status", async () => {
    metrics.request("/v2/auth", 200, 4);
    metrics.request("/v2/auth", 204, 300);
    metrics.request("/v2/auth", 503, 9000);
    expect(await series("berth_request_duration_seconds_count")).toEqual([
      'berth_request_duration_seconds_count{route="/v2/auth",status="2xx"} 2',
      'berth_request_duration_seconds_count{route="/v2/auth",status="5xx"} 1',
    ]);
    expect(await series('berth_request_duration_seconds_bucket{le="0.005"')).toEqual([
      'berth_request_duration_seconds_bucket{le="0.005",route="/v2/auth",status="2xx"} 1',
      'berth_request_duration_seconds_bucket{le="0.005",route="/v2/auth",status="5xx"} 0',
    ]);
    expect(await series("berth_request_duration_seconds_sum")).toContain(
      'berth_request_duration_seconds_sum{route="/v2/auth",status="2xx"} 0.304',
    );
  });

  it("is an exchange, by its end and the issuer's family", async () => {
    metrics.exchange("granted", "github");
    metrics.exchange("granted", "github");
    metrics.exchange("issuer_unknown", undefined);
    metrics.exchange("no_match", "a family of a later release");
    expect(await series("berth_exchanges_total")).toEqual([
      'berth_exchanges_total{result="granted",profile="github"} 2',
      'berth_exchanges_total{result="issuer_unknown",profile="none"} 1',
      'berth_exchanges_total{result="no_match",profile="generic"} 1',
    ]);
  });

  it("is a registry token, by its end and the registry", async () => {
    metrics.registryToken("granted", SERVICE);
    metrics.registryToken("service_unknown", undefined);
    expect(await series("berth_registry_tokens_total")).toEqual([
      `berth_registry_tokens_total{result="granted",registry="${SERVICE}"} 1`,
      'berth_registry_tokens_total{result="service_unknown",registry="none"} 1',
    ]);
  });

  it("is what limits, stores, issuers and the collector do", async () => {
    metrics.limited();
    metrics.storeFailed("ledger");
    metrics.collected("expired marks", 500);
    metrics.collected("expired marks", 20);
    metrics.keyEvent({ kind: "keys_fetched", issuer: ISSUER_URL, keys: 2 });
    metrics.keyEvent({ kind: "key_fetch_failed", issuer: ISSUER_URL, reason: "timed_out", code: undefined });
    metrics.keyEvent({ kind: "key_skipped", issuer: ISSUER_URL, keyId: "key-9", reason: "key_private" });
    metrics.keyEvent({ kind: "stale_keys_serving", issuer: ISSUER_URL, ageSeconds: 9 });
    expect([
      ...(await series("berth_rate_limited")),
      ...(await series("berth_store_failures")),
      ...(await series("berth_collected")),
      ...(await series("berth_issuer_key_fetches")),
    ]).toEqual([
      "berth_rate_limited_requests_total 1",
      'berth_store_failures_total{store="ledger"} 1',
      'berth_collected_records_total{kind="expired marks"} 520',
      `berth_issuer_key_fetches_total{issuer="${ISSUER_URL}",result="fetched"} 1`,
      `berth_issuer_key_fetches_total{issuer="${ISSUER_URL}",result="timed_out"} 1`,
    ]);
  });

  it("has the figures of the process beside it", async () => {
    expect(await metrics.text()).toMatch(/^process_resident_memory_bytes \d/m);
  });
});

describe("what is looked up at a scrape", () => {
  it("is how the audit record does", async () => {
    const { state } = observe();
    state.figures = { lost: 3, buffered: 4, sinkLost: 5, nearMissesLost: 6, leftOut: 7 };
    await metrics.text();
    state.figures = { ...state.figures, lost: 8, buffered: 0 };
    expect([
      ...(await series("berth_audit")),
      ...(await series("berth_near_misses")),
      ...(await series("berth_wrong_secrets")),
    ]).toEqual([
      "berth_audit_events_buffered 0",
      "berth_audit_events_lost_total 8",
      "berth_audit_sink_lines_lost_total 5",
      "berth_near_misses_lost_total 6",
      "berth_wrong_secrets_unrecorded_total 7",
    ]);
  });

  it("is when the newest certificate of each use ends", async () => {
    const { state } = observe();
    state.keys = [
      aKey({ name: "x5c-2", notAfter: 200 }),
      aKey({ name: "x5c-1", notAfter: 100 }),
      aKey({ name: "ca-1", use: "ca", notAfter: 900 }),
      aKey({ name: "kid-1", use: "kid" }),
      aKey({ name: "pinned-1", use: "pinned", registry: SERVICE, notAfter: 300 }),
    ];
    expect((await series("berth_certificate_expiry")).toSorted()).toEqual([
      'berth_certificate_expiry_timestamp_seconds{use="ca",registry="none"} 900',
      `berth_certificate_expiry_timestamp_seconds{use="pinned",registry="${SERVICE}"} 300`,
      'berth_certificate_expiry_timestamp_seconds{use="x5c",registry="none"} 200',
    ]);
  });

  it("is the age of issuers' keys, of those alone that are registered still", async () => {
    const { clock, state } = observe();
    metrics.keyEvent({ kind: "keys_fetched", issuer: ISSUER_URL, keys: 1 });
    clock.advance(90_000);
    expect(await series("berth_issuer_keys_age")).toEqual([
      `berth_issuer_keys_age_seconds{issuer="${ISSUER_URL}"} 90`,
    ]);
    state.issuers = [];
    expect(await series("berth_issuer_keys_age")).toEqual([]);
  });

  it("is that a store is down, and not its old figures", async () => {
    const { state } = observe();
    state.keys = [aKey({ notAfter: 100 })];
    metrics.keyEvent({ kind: "keys_fetched", issuer: ISSUER_URL, keys: 1 });
    expect(await series("berth_store_up")).toEqual([
      'berth_store_up{store="directory"} 1',
      'berth_store_up{store="ledger"} 1',
    ]);
    state.fault = new UnavailableError("down");
    expect(await series("berth_store_up")).toEqual([
      'berth_store_up{store="directory"} 0',
      'berth_store_up{store="ledger"} 0',
    ]);
    expect([await series("berth_certificate_expiry"), await series("berth_issuer_keys_age")]).toEqual([
      [],
      [],
    ]);
  });

  it("throws a bug on", async () => {
    const { state } = observe();
    state.fault = new TypeError("a bug");
    await expect(metrics.text()).rejects.toBe(state.fault);
  });
});
