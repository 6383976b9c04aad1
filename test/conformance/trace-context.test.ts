import { afterEach, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { credentialFor } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

it("stands in the log line of its request, beside Berth's own id", async () => {
  berth = await startTestBerth();
  const response = await berth.app.request("/healthz", {
    headers: { traceparent: `00-${TRACE}-${SPAN}-01` },
  });
  expect(berth.log.at(-1)).toMatchObject({ message: "request", trace_id: TRACE, span_id: SPAN });
  expect(berth.log.at(-1)?.request_id).toBe(response.headers.get("x-request-id"));
  expect(response.headers.has("traceparent")).toBe(false);
});

it("is left out where it is malformed", async () => {
  berth = await startTestBerth();
  await berth.app.request("/healthz", { headers: { traceparent: `ff-${TRACE}-${SPAN}-01` } });
  expect(Object.keys(berth.log.at(-1) ?? {})).not.toContain("trace_id");
});

it("goes into no audit event: it is the sender's word", async () => {
  berth = await startTestBerth();
  const { app } = berth;
  const traced = {
    request: (input: string, init: RequestInit = {}) =>
      app.request(input, { ...init, headers: { traceparent: `00-${TRACE}-${SPAN}-01` } }),
  };
  await credentialFor(traced, await berth.issuer.sign());
  expect(berth.log.at(-1)).toMatchObject({ trace_id: TRACE, credential_id: expect.any(String) });
  expect(JSON.stringify(await berth.ledger.readEvents(10))).not.toContain(TRACE);
});
