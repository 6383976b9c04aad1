import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { json } from "../../test/support/ci-platforms/token-endpoint.ts";
import {
  environmentOf,
  exchangeWith,
  expectProblem,
  type Mistake,
} from "../../test/support/client-mistake.ts";
import { type ClientWorld, startClientWorld } from "../../test/support/client-world.ts";
import { startConnectProxy } from "../../test/support/connect-proxy.ts";
import { berthChallenge, startFakeRegistry } from "../../test/support/fake-registry.ts";
import { startTlsServer } from "../../test/support/tls-server.ts";
import { err } from "../domain/result.ts";
import { exchangeIdentity } from "./berth-client.ts";
import { checkRegistry } from "./check-registry.ts";
import { findServer } from "./find-server.ts";
import { httpFault } from "./http-fault.ts";
import { createHttpRequest } from "./http-request.ts";
import type { AUDIENCE_TEXTS } from "./texts/audience-texts.ts";
import type { SERVER_TEXTS } from "./texts/server-texts.ts";

type Code = keyof typeof SERVER_TEXTS | keyof typeof AUDIENCE_TEXTS;

let world: ClientWorld;
beforeAll(async () => {
  world = await startClientWorld();
});
afterAll(() => world.close());

/** Asks `server`, with a token for it. */
function askAt(server: string, variables: Readonly<Record<string, string>> = {}): Mistake {
  return async (of) =>
    exchangeWith(of, { server, claims: { aud: server }, environment: environmentOf(of, variables) });
}

async function registryOfTest(challenge: string | undefined) {
  const registry = await startFakeRegistry(challenge);
  onTestFinished(() => registry.endpoint.close());
  return registry.name;
}

function findBy(challenge: string | undefined): Mistake {
  return async (of) => findServer(environmentOf(of), await registryOfTest(challenge));
}

async function tlsServerOfTest(names: Parameters<typeof startTlsServer>[0]) {
  const server = await startTlsServer(names);
  onTestFinished(() => server.close());
  return { url: `https://127.0.0.1:${server.port}`, variables: { BERTH_CA_FILE: server.caFile } };
}

async function proxyOfTest(refuses: number) {
  const proxy = await startConnectProxy(refuses);
  onTestFinished(() => proxy.close());
  return { HTTPS_PROXY: proxy.url };
}

const REMOTE = "https://berth.example.com";

const MISTAKES: Readonly<Record<Code, { readonly make: Mistake; readonly says: string }>> = {
  robot_malformed: { says: "acme/builder", make: (of) => exchangeWith(of, { robot: "acme/builder" }) },
  server_malformed: {
    says: "berth.example.com",
    make: (of) => exchangeWith(of, { server: "berth.example.com" }),
  },
  server_not_https: { says: "http://berth.example.com", make: askAt("http://berth.example.com") },
  registry_malformed: {
    says: "without https://",
    make: (of) => findServer(environmentOf(of), "https://registry.example.com"),
  },
  registry_unreachable: {
    says: "ECONNREFUSED",
    make: async (of) => findServer(environmentOf(of), `127.0.0.1:${await freePort()}`),
  },
  registry_without_challenge: { says: "answered 200", make: findBy(undefined) },
  registry_realm_foreign: {
    says: "https://ghcr.io/token",
    make: findBy('Bearer realm="https://ghcr.io/token",service="ghcr.io"'),
  },
  registry_of_other_server: {
    says: `${REMOTE}/v2/auth`,
    make: async (of) => checkWith(of, await registryOfTest(berthChallenge(REMOTE))),
  },
  registry_not_registered: {
    says: "unknown.example.com",
    make: async (of) => {
      const registry = await registryOfTest(berthChallenge(of.url, "unknown.example.com"));
      return checkWith(of, registry);
    },
  },
  server_unresolved: {
    says: "berth.invalid",
    make: (of) => {
      const fault = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
      const environment = { ...environmentOf(of), request: async () => err(httpFault(fault)) };
      const server = "https://berth.invalid";
      return exchangeWith(of, { server, environment, claims: { aud: server } });
    },
  },
  server_unreachable: {
    says: "ECONNREFUSED",
    make: async (of) => askAt(`http://127.0.0.1:${await freePort()}`)(of),
  },
  proxy_refused: { says: "127.0.0.1:", make: async (of) => askAt(REMOTE, await proxyOfTest(403))(of) },
  proxy_unsupported: {
    says: "(22.20.0)",
    make: async (of) => {
      const variables = { HTTPS_PROXY: "http://user:secret@proxy.example.com:3128" };
      const request = createHttpRequest(variables, "22.20.0");
      const server = "https://berth.invalid";
      return exchangeWith(of, {
        server,
        environment: { ...environmentOf(of), request },
        claims: { aud: server },
      });
    },
  },
  certificate_untrusted: {
    says: "BERTH_CA_FILE",
    make: async (of) => askAt((await tlsServerOfTest({ ip: ["127.0.0.1"] })).url)(of),
  },
  certificate_wrong_name: {
    says: "another name",
    make: async (of) => {
      const { url, variables } = await tlsServerOfTest({ dns: ["other.example.com"] });
      return askAt(url, variables)(of);
    },
  },
  certificate_dates: {
    says: "this machine's clock",
    make: async (of) => {
      const { url, variables } = await tlsServerOfTest({
        ip: ["127.0.0.1"],
        notAfter: Date.now() - 86_400_000,
      });
      return askAt(url, variables)(of);
    },
  },
  server_not_tls: { says: "443", make: (of) => askAt(of.url.replace("http:", "https:"))(of) },
  ca_file_unreadable: {
    says: "/nowhere/ca.pem",
    make: askAt(REMOTE, { BERTH_CA_FILE: "/nowhere/ca.pem" }),
  },
  server_redirects: {
    says: "https://berth.example.com/ci",
    make: (of) => {
      of.mishaps.push({ status: 308, body: "", headers: { location: `${REMOTE}/ci` } });
      return exchangeWith(of);
    },
  },
  server_answer_unexpected: {
    says: "status 404",
    make: (of) => {
      of.mishaps.push({ status: 404, body: "<html>" });
      return exchangeWith(of);
    },
  },
  server_unavailable: {
    says: "something in between answers 502",
    make: (of) => {
      of.mishaps.push({ status: 502, body: "", headers: { "retry-after": "100" } });
      return exchangeWith(of);
    },
  },
  rate_limited: {
    says: "too many requests",
    make: (of) => {
      of.mishaps.push({ ...json(429, { reason: "rate_limited" }), headers: { "retry-after": "100" } });
      return exchangeWith(of);
    },
  },
  audience_wrong: {
    says: "https://real.example.com",
    make: (of) => exchangeWith(of, { claims: { aud: "https://real.example.com" }, platform: "gitlab" }),
  },
  audience_trailing_slash: {
    says: "the slash at the end",
    make: (of) => exchangeWith(of, { claims: { aud: `${of.url}/` } }),
  },
  audience_many: { says: "at once", make: (of) => exchangeWith(of, { claims: { aud: [of.url, REMOTE] } }) },
  audience_fixed: {
    says: "BERTH_AUDIENCE=api://AzureADTokenExchange",
    make: (of) =>
      exchangeWith(of, { claims: { aud: "api://AzureADTokenExchange" }, platform: "azure-devops" }),
  },
};

async function checkWith(of: ClientWorld, registry: string) {
  const environment = environmentOf(of);
  const identity = { token: await of.sign(), platform: "explicit", renewable: false };
  const earned = await exchangeIdentity(environment, {
    ...{ server: of.url, robot: "acme+builder", identity, scopes: [] },
    retryKey: "k".repeat(22),
  });
  return earned.ok ? checkRegistry(environment, registry, { ...earned.value, server: of.url }) : earned;
}

it.each(Object.entries(MISTAKES))("a job is told of %s", async (code, { make, says }) => {
  const { message, mend } = expectProblem(await make(world), code);
  expect(`${message}\n${mend}`).toContain(says);
  expect(`${message}\n${mend}`).not.toContain("secret");
});

it.each([
  ["in a URL", "https://user:pa/ss@berth.example.com"],
  ["with backslashes", "https:\\\\user:pass@berth.example.com"],
  ["without a scheme", "user:pass@berth.example.com"],
  ["in a query", "https://berth.example.com/?key=pass"],
])("a password that stands where the server or the registry belongs is not told: %s", async (_, text) => {
  const problems = [
    expectProblem(await exchangeWith(world, { server: text }), "server_malformed"),
    ...(text.includes("@")
      ? [expectProblem(await findServer(environmentOf(world), text), "registry_malformed")]
      : []),
  ];
  for (const { message } of problems) expect(message).not.toMatch(/pass|user|ss@/);
});

it("a job on Vercel is told how to get a token for Berth, and not to have Vercel's taken", async () => {
  const asked = { claims: { aud: "https://vercel.com/acme" }, platform: "vercel" };
  const { mend } = expectProblem(await exchangeWith(world, asked), "audience_wrong");
  expect(mend).toContain(`getVercelOidcToken({ audience: "${world.url}" })`);
  expect(mend).not.toContain("BERTH_AUDIENCE");
});

it("a registry that Berth knows is opened by the credential", async () => {
  expect(await checkWith(world, await registryOfTest(berthChallenge(world.url)))).toMatchObject({ ok: true });
});

it("a registry that points elsewhere never gets the credential", async () => {
  const other = await startFakeRegistry(undefined);
  onTestFinished(() => other.endpoint.close());
  const registry = await registryOfTest(berthChallenge(other.endpoint.origin));
  expectProblem(await checkWith(world, registry), "registry_of_other_server");
  expect(other.endpoint.requests).toEqual([]);
});
