import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { jobEnvironment } from "../../test/support/ci-platforms/job-environment.ts";
import { berthChallenge, startFakeRegistry } from "../../test/support/fake-registry.ts";
import { startTlsServer } from "../../test/support/tls-server.ts";
import { err } from "../domain/result.ts";
import { findServer } from "./find-server.ts";
import type { HttpRequest } from "./http-request.ts";

const SERVER = "https://berth.example.com";

async function registryOfTest(challenge: string | undefined) {
  const registry = await startFakeRegistry(challenge);
  onTestFinished(() => registry.endpoint.close());
  return registry;
}

function find(registry: string, variables: Record<string, string> = {}) {
  return findServer(jobEnvironment({ variables }), registry);
}

describe("the server of a registry", () => {
  it.each([
    ["its realm", berthChallenge(SERVER), SERVER],
    ["a realm under a path", berthChallenge(`${SERVER}/ci`), `${SERVER}/ci`],
    ["the other path of Berth's", `Bearer realm="${SERVER}/auth/token",service="x"`, SERVER],
    ["a challenge among others", `Basic realm="x", Bearer service="x", realm="${SERVER}/v2/auth"`, SERVER],
    ["a loopback realm without TLS", berthChallenge("http://127.0.0.1:8080"), "http://127.0.0.1:8080"],
  ])("is found by %s", async (_, challenge, server) => {
    const { name } = await registryOfTest(challenge);
    expect(await find(name)).toEqual({ ok: true, value: server });
  });

  it("is BERTH_SERVER, and the registry is not asked", async () => {
    const { name, endpoint } = await registryOfTest(berthChallenge("https://other.example.com"));
    expect(await find(name, { BERTH_SERVER: `${SERVER}/` })).toEqual({ ok: true, value: SERVER });
    expect(endpoint.requests).toEqual([]);
  });

  it.each([
    ["without a challenge", undefined, "registry_without_challenge"],
    ["with another kind of challenge", 'Basic realm="x"', "registry_without_challenge"],
    ["of somebody else", 'Bearer realm="https://ghcr.io/token",service="ghcr.io"', "registry_realm_foreign"],
    ["whose realm is not https", berthChallenge("http://berth.example.com"), "server_not_https"],
    ["whose realm holds a password", berthChallenge("https://a:b@berth.example.com"), "server_malformed"],
    ["whose realm is no URL", 'Bearer realm="/v2/auth"', "server_malformed"],
  ])("is not found by a registry %s", async (_, challenge, code) => {
    const { name } = await registryOfTest(challenge);
    expect(await find(name)).toMatchObject({ ok: false, error: { code } });
  });

  it.each(["https://registry.example.com", "registry.example.com/acme/app", "a b", ""])(
    "is not looked for at %j",
    async (registry) => {
      expect(await find(registry)).toMatchObject({ error: { code: "registry_malformed" } });
    },
  );

  it("is not found by a registry that is down, and the client waits a minute for it", async () => {
    const environment = jobEnvironment({ variables: {} });
    const start = environment.now();
    const found = await findServer(environment, `127.0.0.1:${await freePort()}`);
    expect(found).toMatchObject({ error: { code: "registry_unreachable" } });
    expect(environment.now() - start).toBeGreaterThan(50_000);
  });

  it("is not asked for in the clear, but on this machine", async () => {
    const asked: string[] = [];
    const request: HttpRequest = async ({ url }) => {
      asked.push(url);
      return err({ kind: "not_tls", code: "EPROTO" });
    };
    const environment = { ...jobEnvironment({ variables: {} }), request };
    expect(await findServer(environment, "registry.example.com:5000")).toMatchObject({
      error: { code: "server_not_tls" },
    });
    expect(asked).toEqual(["https://registry.example.com:5000/v2/"]);
  });

  it("is not found by a registry under a CA that is not trusted, not even without TLS", async () => {
    const server = await startTlsServer({ ip: ["127.0.0.1"] });
    onTestFinished(() => server.close());
    expect(await find(`127.0.0.1:${server.port}`)).toMatchObject({
      error: { code: "certificate_untrusted" },
    });
  });
});
