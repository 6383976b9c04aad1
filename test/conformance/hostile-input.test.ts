import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVICE } from "../support/baseline.ts";
import type { BerthProcess } from "../support/berth-process.ts";
import { startBerthWithIssuer } from "../support/berth-with-issuer.ts";
import type { FakeIssuer } from "../support/fake-issuer.ts";
import {
  HOSTILE_BODIES,
  HOSTILE_HEADS,
  HOSTILE_TARGETS,
  type HostileRequest,
} from "../support/hostile-requests.ts";
import { HOSTILE_TOKENS } from "../support/hostile-tokens.ts";
import { sendRaw } from "../support/raw-request.ts";
import { credentialFor, registryToken } from "../support/requests.ts";

let issuer: FakeIssuer;
let berth: BerthProcess;
beforeAll(async () => {
  ({ issuer, berth } = await startBerthWithIssuer());
});
afterAll(async () => {
  await berth.stop();
  await issuer.close();
});

/** The server behind `fetch`, as clients use it. */
const app = {
  request: (path: string, init: RequestInit = {}) =>
    fetch(berth.url + path, { ...init, signal: AbortSignal.timeout(5000) }),
};

async function expectGoodAnswer(): Promise<void> {
  expect((await registryToken(app, { service: SERVICE })).status).toBe(200);
}

describe.each<{ part: string; requests: readonly HostileRequest[] }>([
  { part: "body", requests: HOSTILE_BODIES },
  { part: "identity token", requests: HOSTILE_TOKENS },
  { part: "head", requests: HOSTILE_HEADS },
  { part: "target", requests: HOSTILE_TARGETS },
])("a hostile $part", ({ requests }) => {
  // attack 19, 20
  it.each(requests)("$what: $status, and the next request is served", async (sent) => {
    const answer = await sendRaw({ port: berth.port, bytes: sent.bytes(issuer.url), end: sent.end ?? false });
    expect(sent.status, answer.text.slice(0, 300)).toContain(answer.status);
    if (sent.reason !== undefined) expect(answer.text).toContain(`"reason":"${sent.reason}"`);
    await expectGoodAnswer();
  });
});

const ROUTES = [
  "/oauth2/token",
  "/oauth2/federation/robot/token",
  "/oauth2/revoke",
  "/v2/auth",
  "/auth/token",
  "/.well-known/oauth-authorization-server",
  "/.well-known/jwks.json",
  "/keys/ca.pem",
  "/healthz",
  "/readyz",
  "/",
];

it.each(["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])(
  "%s on every route is answered, by no 5xx",
  async (method) => {
    for (const route of ROUTES) {
      const lines = [
        `${method} ${route} HTTP/1.1`,
        "Host: x",
        "Connection: close",
        "Content-Length: 0",
        "",
        "",
      ];
      const answer = await sendRaw({ port: berth.port, bytes: [lines.join("\r\n")] });
      expect(answer.status, `${route}: ${answer.text}`).toBeGreaterThanOrEqual(200);
      expect(answer.status, `${route}: ${answer.text}`).toBeLessThan(500);
    }
    await expectGoodAnswer();
  },
);

it("50 connections that say nothing keep nobody out", async () => {
  const idle = Array.from({ length: 50 }, () =>
    sendRaw({ port: berth.port, bytes: ["POST /oauth2/token HTTP/1.1\r\nHost: x\r\n"], deadlineMs: 300 }),
  );
  await expectGoodAnswer();
  for (const one of await Promise.allSettled(idle)) expect(one.status).toBe("rejected");
});

it("after all of it an identity token is exchanged, and nothing was logged as Berth's own fault", async () => {
  const token = await issuer.sign({ aud: berth.url });
  const password = await credentialFor(app, token);
  expect((await registryToken(app, { password, scopes: ["repository:acme/app:pull"] })).status).toBe(200);
  expect(
    berth
      .output()
      .split("\n")
      .filter((line) => line.includes('"level":"error"')),
  ).toEqual([]);
});
