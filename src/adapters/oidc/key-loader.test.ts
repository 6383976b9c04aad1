import { describe, expect, it } from "vitest";
import type { IssuerFault } from "../../../test/support/issuer-faults.ts";
import { issuerOfTest } from "../../../test/support/issuer-of-test.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import type { KeyEvent } from "./key-event.ts";
import { createKeyLoader } from "./key-loader.ts";

async function load(issuer: TrustedIssuer, deadlineMs?: number) {
  const events: KeyEvent[] = [];
  const loaded = await createKeyLoader(
    createGuardedFetch(),
    (event) => events.push(event),
    deadlineMs,
  )(issuer);
  return { ...loaded, events };
}

describe("discovery", () => {
  it.each([
    { change: "no path", path: "" },
    { change: "a trailing slash", path: "/" },
    { change: "a path", path: "/org/acme" },
    { change: "a path with a trailing slash", path: "/org/acme/" },
    { change: "a path with an escape", path: "/jenkins/my%20folder" },
  ])("finds the keys of an issuer with $change", async ({ path }) => {
    const issuer = await issuerOfTest({ path });
    expect(issuer.url.endsWith(path)).toBe(true);
    const { keys, events } = await load(issuer.issuer());
    expect(keys.size).toBe(1);
    expect(events).toEqual([{ kind: "keys_fetched", issuer: issuer.url, keys: 1 }]);
    expect(issuer.requests).toEqual({ discovery: 1, jwks: 1 });
  });

  it.each([
    // The documents of AWS and Kubernetes have no authorization endpoint; SPIRE's is empty.
    { change: "nothing but the two members that matter", discovery: {} },
    { change: "an empty authorization endpoint", discovery: { authorization_endpoint: "" } },
    {
      change: "endpoints that are no URLs",
      discovery: { token_endpoint: "unimplemented", scopes_supported: 7 },
    },
    { change: "a member named __proto__", discovery: JSON.parse('{"__proto__":{"issuer":"x"}}') },
  ])("takes a document with $change", async ({ discovery }) => {
    const issuer = await issuerOfTest();
    issuer.discovery = discovery;
    expect((await load(issuer.issuer())).keys.size).toBe(1);
  });

  // attack 37
  it.each([
    { change: "another issuer", of: () => ({ issuer: "https://evil.example.com" }) },
    { change: "the issuer with a slash", of: (url: string) => ({ issuer: `${url}/` }) },
    { change: "the issuer in capitals", of: (url: string) => ({ issuer: url.toUpperCase() }) },
    { change: "the issuer with a fragment", of: (url: string) => ({ issuer: `${url}#` }) },
  ])("refuses $change, by its bytes", async ({ of }) => {
    const issuer = await issuerOfTest();
    issuer.discovery = of(issuer.url);
    await expect(load(issuer.issuer())).rejects.toMatchObject({ reason: "issuer_differs" });
    expect(issuer.requests.jwks).toBe(0);
  });

  it.each([
    { change: "no issuer", discovery: { issuer: undefined } },
    { change: "an issuer that is a list", discovery: { issuer: ["https://127.0.0.1"] } },
    { change: "no jwks_uri", discovery: { jwks_uri: undefined } },
    { change: "a jwks_uri that is a path", discovery: { jwks_uri: "/keys" } },
    { change: "a jwks_uri that is a number", discovery: { jwks_uri: 7 } },
  ])("refuses $change", async ({ discovery }) => {
    const issuer = await issuerOfTest();
    issuer.discovery = discovery;
    await expect(load(issuer.issuer())).rejects.toMatchObject({ reason: "discovery_malformed" });
  });

  it("refuses a document that nests deeper than anyone can walk", async () => {
    const issuer = await issuerOfTest();
    const nested = "[".repeat(100_000) + "]".repeat(100_000);
    issuer.discovery = `{"issuer":"${issuer.url}","jwks_uri":"${issuer.url}/keys","nested":${nested}}`;
    await expect(load(issuer.issuer())).rejects.toMatchObject({ reason: "discovery_malformed" });
  });
});

describe("jwks_uri", () => {
  // attack 37
  it("on another host is refused, and nothing is sent there", async () => {
    const [issuer, other] = [await issuerOfTest(), await issuerOfTest()];
    issuer.discovery = { jwks_uri: `${other.url}/keys` };
    await expect(load(issuer.issuer())).rejects.toMatchObject({ reason: "jwks_uri_refused" });
    expect(other.connections).toBe(0);
  });

  it("on another host is followed when the operator named that host", async () => {
    const issuer = await issuerOfTest();
    const host = `localhost:${issuer.port}`;
    issuer.discovery = { jwks_uri: `https://${host}/keys` };
    const keys = { kind: "discovery", jwksHosts: [host], privateNetwork: true, caPem: issuer.caPem } as const;
    expect((await load(issuer.issuer({ keys }))).keys.size).toBe(1);
  });

  it.each(["http:", "ftp:", "data:"])("of %s is refused", async (scheme) => {
    const issuer = await issuerOfTest();
    issuer.discovery = { jwks_uri: issuer.url.replace("https:", scheme) };
    await expect(load(issuer.issuer())).rejects.toMatchObject({ reason: "jwks_uri_refused" });
  });

  it("with a user in it is refused", async () => {
    const issuer = await issuerOfTest();
    issuer.discovery = { jwks_uri: issuer.url.replace("https://", "https://user:secret@") };
    await expect(load(issuer.issuer())).rejects.toMatchObject({ reason: "url_refused" });
  });
});

describe("an issuer that fails", () => {
  const CASES: readonly { fault: IssuerFault; discovery: object; jwks: object }[] = [
    {
      fault: "down",
      discovery: { reason: "connection_failed", code: "UND_ERR_SOCKET" },
      jwks: { reason: "connection_failed", code: "UND_ERR_SOCKET" },
    },
    {
      fault: "error",
      discovery: { reason: "status_not_200", code: "500" },
      jwks: { reason: "status_not_200", code: "500" },
    },
    { fault: "html", discovery: { reason: "discovery_malformed" }, jwks: { reason: "key_set_malformed" } },
    { fault: "empty", discovery: { reason: "discovery_malformed" }, jwks: { reason: "key_set_malformed" } },
    { fault: "huge", discovery: { reason: "body_too_large" }, jwks: { reason: "body_too_large" } },
    { fault: "bomb", discovery: { reason: "body_too_large" }, jwks: { reason: "body_too_large" } },
    { fault: "redirect", discovery: { reason: "redirected" }, jwks: { reason: "redirected" } },
  ];

  it.each(CASES)("$fault", async ({ fault, discovery, jwks }) => {
    const issuer = await issuerOfTest();
    issuer.faults.discovery = fault;
    await expect(load(issuer.issuer())).rejects.toMatchObject(discovery);
    issuer.faults.discovery = undefined;
    issuer.faults.jwks = fault;
    await expect(load(issuer.issuer())).rejects.toMatchObject(jwks);
  });

  it.each(["discovery", "jwks"] as const)("slow %s, at the deadline of both together", async (which) => {
    const issuer = await issuerOfTest();
    issuer.faults[which] = "slow";
    await expect(load(issuer.issuer(), 200)).rejects.toMatchObject({ reason: "timed_out" });
  });
});

describe("the lifetime", () => {
  it.each([
    { cacheControl: undefined, seconds: 300 },
    { cacheControl: "no-store", seconds: 300 },
    { cacheControl: "max-age=0", seconds: 300 },
    { cacheControl: "max-age=600", seconds: 600 },
    { cacheControl: "public, max-age=1200, must-revalidate", seconds: 1200 },
    { cacheControl: 'Max-Age="900"', seconds: 900 },
    { cacheControl: "s-maxage=1200", seconds: 300 },
    { cacheControl: "max-age=86400", seconds: 3600 },
    { cacheControl: `max-age=${"9".repeat(400)}`, seconds: 3600 },
    { cacheControl: "max-age=-1", seconds: 300 },
  ])("of a key set with $cacheControl is $seconds s", async ({ cacheControl, seconds }) => {
    const issuer = await issuerOfTest();
    issuer.cacheControl = cacheControl;
    expect((await load(issuer.issuer())).lifetimeMs).toBe(seconds * 1000);
  });
});

describe("inline keys", () => {
  it("are read without the network, and skipped keys are told", async () => {
    const issuer = await issuerOfTest();
    const jwks = JSON.stringify({
      keys: [issuer.signingKey.publicJwk(), { kty: "oct", kid: "shared", k: "AA" }],
    });
    const { keys, events } = await load(issuer.issuer({ keys: { kind: "inline", jwks, expiresAt: 0 } }));
    expect(keys.size).toBe(1);
    expect(events).toEqual([
      { kind: "key_skipped", issuer: issuer.url, keyId: "shared", reason: "key_symmetric" },
    ]);
    expect(issuer.connections).toBe(0);
  });
});
