import { afterEach, describe, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { apiToken, manage } from "../support/management-calls.ts";
import { credentialFor, exchange } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

describe("on Workers", () => {
  it("the cron trigger runs the collector", async () => {
    berth = await startTestBerth();
    await credentialFor(berth.app, await berth.issuer.sign());
    berth.log.length = 0;
    await berth.app.request("/test/cron");
    expect(berth.log).toMatchObject([{ level: "info", message: "collected", finished: true }]);
  });

  it("the management API has the numbers of all isolates", async () => {
    berth = await startTestBerth();
    const token = await berth.issuer.sign();
    await exchange(berth.app, token);
    await exchange(berth.app, token);
    const authorization = `Bearer ${await apiToken(berth)}`;
    const response = await berth.app.request("/api/v1/metrics", { headers: { authorization } });
    const text = await response.text();
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(text).toContain('berth_exchanges_total{result="granted",profile="generic"} 1\n');
    expect(text).toContain('berth_exchanges_total{result="token_used",profile="generic"} 1\n');
    expect(text).toContain('berth_store_up{store="ledger"} 1\n');
    expect(text).toMatch(/^berth_certificate_expiry_timestamp_seconds\{use="ca",registry="none"\} \d+$/m);
  });

  it("an issuer that no Worker can reach is refused when it is registered", async () => {
    berth = await startTestBerth();
    const path = `/issuers/${encodeURIComponent("https://ci.internal")}`;
    const call = { token: await apiToken(berth), body: { private_network: true } };
    const { status, body } = await manage(berth.app, "PUT", path, call);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
    expect(JSON.stringify(body)).toContain("cannot be reached from Cloudflare Workers");
  });

  it("a refusal is in the audit record when the request has ended", async () => {
    berth = await startTestBerth();
    const token = await berth.issuer.sign();
    await exchange(berth.app, token);
    await exchange(berth.app, token);
    await expect
      .poll(async () => (await berth.ledger.readEvents(10)).map(({ reason }) => reason), { timeout: 20_000 })
      .toContain("token_used");
  });

  it("the client's address is Cloudflare's word", async () => {
    berth = await startTestBerth({ peerAddress: "203.0.113.9" });
    await berth.app.request("/v2/auth?service=x", { headers: { "x-forwarded-for": "198.51.100.66" } });
    expect(berth.log).toMatchObject([{ message: "request", client_address: "203.0.113.9" }]);
  });
});
