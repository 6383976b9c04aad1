import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PrometheusMetrics } from "../../src/adapters/metrics/prometheus.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { limitedApp } from "../support/limited-app.ts";
import { basic, credentialFor, exchange, quayExchange, registryToken, revoke } from "../support/requests.ts";

let berth: TestBerth;
let metrics: PrometheusMetrics;
beforeEach(async () => {
  metrics = new PrometheusMetrics();
  berth = await startTestBerth({ metrics });
});
afterEach(() => berth.close());

/** Names and labels, without the values. */
async function series(): Promise<readonly string[]> {
  const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith("berth_"));
  return lines.map((line) => line.slice(0, line.lastIndexOf(" "))).sort();
}

/** Everything that a stranger can choose, chosen anew. */
async function hostileRequests(): Promise<void> {
  const name = randomUUID();
  const signed = (claims: Record<string, unknown>) => berth.issuer.sign(claims);
  await exchange(berth.app, await signed({ sub: name }), { robot: `acme+${name.slice(0, 8)}` });
  await exchange(berth.app, await signed({ iss: `https://${name}.example.com` }));
  await exchange(berth.app, await signed({}), { scope: name, robot: name });
  await quayExchange(berth.app, `${name.slice(0, 8)}+x`, name);
  await registryToken(berth.app, { service: name, password: name });
  await registryToken(berth.app, { username: `acme+${name.slice(0, 8)}`, password: name });
  await revoke(berth.app, name);
  await berth.app.request(`/${name}/x?${name}`);
  await berth.app.request(`/api/v1/organization/${name}/robots/${name}`, { headers: basic(name, name) });
  await berth.app.request("/oauth2/token", { method: name.slice(0, 8).toUpperCase() });
}

describe("labels of metrics", () => {
  // attack 92
  it("are the same after a thousand hostile requests as after ten", async () => {
    await hostileRequests();
    const before = await series();
    for (let count = 0; count < 100; count += 1) await hostileRequests();
    expect(await series()).toEqual(before);
  });

  it("name a registered registry, and the family of a trusted issuer", async () => {
    const password = await credentialFor(berth.app, await berth.issuer.sign());
    await registryToken(berth.app, { password });
    await registryToken(berth.app, { password: "wrong" });
    await registryToken(berth.app, { password, service: "unknown.example.com" });
    await exchange(berth.app, await berth.issuer.sign({ aud: "https://other.example.com" }));
    await quayExchange(berth.app, "acme+builder", await berth.issuer.sign());
    await exchange(berth.app, "a.b.c");
    await exchange(berth.app, "a.b.c", { scope: "everything" });
    expect(
      (await metrics.text()).split("\n").filter((line) => /^berth_(?:exchanges|registry)/.test(line)),
    ).toEqual([
      'berth_exchanges_total{result="granted",profile="generic"} 2',
      'berth_exchanges_total{result="audience_mismatch",profile="generic"} 1',
      'berth_exchanges_total{result="token_malformed",profile="none"} 1',
      'berth_exchanges_total{result="scope_malformed",profile="none"} 1',
      'berth_registry_tokens_total{result="granted",registry="registry.example.com"} 1',
      'berth_registry_tokens_total{result="credentials_invalid",registry="registry.example.com"} 1',
      'berth_registry_tokens_total{result="service_unknown",registry="none"} 1',
    ]);
  });

  it("do not name a registry of which nobody knows whether it is registered", async () => {
    await registryToken(berth.app, { username: "x", password: "y", service: "registry.example.com" });
    berth.breakStore();
    berth.clock.advance(2000);
    await registryToken(berth.app, { password: "brc_", service: "registry.example.com" });
    expect(await series()).toContain(
      'berth_registry_tokens_total{result="store_unavailable",registry="none"}',
    );
  });

  it("are templates of routes, and classes of statuses", async () => {
    await berth.app.request("/healthz");
    await berth.app.request("/nowhere/at/all");
    const counts = (await series()).filter((line) => line.startsWith("berth_request_duration_seconds_count"));
    expect(counts).toEqual([
      'berth_request_duration_seconds_count{route="/*",status="4xx"}',
      'berth_request_duration_seconds_count{route="/healthz",status="2xx"}',
    ]);
  });

  it("count what is refused by address", async () => {
    const app = limitedApp(berth, { perSecond: 1, burst: 1 })("203.0.113.9");
    for (let count = 0; count < 3; count += 1) await revoke(app, "brc_");
    expect(await metrics.text()).toMatch(/^berth_rate_limited_requests_total 2$/m);
  });
});
