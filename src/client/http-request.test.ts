import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { type EndpointAnswer, TokenEndpoint } from "../../test/support/ci-platforms/token-endpoint.ts";
import { startConnectProxy } from "../../test/support/connect-proxy.ts";
import { startTlsServer } from "../../test/support/tls-server.ts";
import { createHttpRequest, type OutgoingRequest } from "./http-request.ts";

const DAY_MS = 86_400_000;

async function endpointOfTest(answer: EndpointAnswer): Promise<TokenEndpoint> {
  const endpoint = await TokenEndpoint.start(() => answer);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

async function tlsServerOfTest(names: Parameters<typeof startTlsServer>[0] = { ip: ["127.0.0.1"] }) {
  const server = await startTlsServer(names);
  onTestFinished(() => server.close());
  return server;
}

async function proxyOfTest(refuses?: number) {
  const proxy = await startConnectProxy(refuses);
  onTestFinished(() => proxy.close());
  return proxy;
}

function get(url: string, variables: Record<string, string> = {}, change: Partial<OutgoingRequest> = {}) {
  return createHttpRequest(variables)({ method: "GET", url, timeoutMs: 10_000, ...change });
}

describe("a request", () => {
  it("carries its method, headers and body, and gives status, headers and text", async () => {
    const endpoint = await endpointOfTest({ status: 201, body: "done", headers: { "x-part": "1" } });
    const headers = { authorization: "Bearer x" };
    const answered = await get(`${endpoint.origin}/a?b=c`, {}, { method: "POST", headers, body: "ä" });
    expect(answered).toMatchObject({
      ok: true,
      value: { status: 201, text: "done", headers: { "x-part": "1" } },
    });
    expect(endpoint.requests).toMatchObject([
      { method: "POST", url: "/a?b=c", headers: { ...headers, "content-length": "2" }, body: "ä" },
    ]);
  });

  it("shows what it carries to nobody who debugs Node", async () => {
    const endpoint = await endpointOfTest({ status: 200, body: "" });
    const script = `import { createHttpRequest } from ${JSON.stringify(new URL("http-request.ts", import.meta.url).href)};
      await createHttpRequest({})({ method: "POST", url: "${endpoint.origin}/seen", timeoutMs: 10000,
        headers: { authorization: "Basic c2VjcmV0" }, body: "secret" });`;
    const env = { ...process.env, NODE_DEBUG: "http,https,net,tls,stream" };
    const args = ["--input-type=module", "-e", script];
    const { stderr } = await promisify(execFile)(process.execPath, args, {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(endpoint.requests).toMatchObject([
      { headers: { authorization: "Basic c2VjcmV0" }, body: "secret" },
    ]);
    expect(stderr).toContain("/seen");
    expect(stderr).not.toMatch(/secret|c2VjcmV0/);
  });

  it("follows no redirect", async () => {
    const other = await endpointOfTest({ status: 200, body: "" });
    const endpoint = await endpointOfTest({ status: 307, body: "", headers: { location: other.origin } });
    expect(await get(endpoint.origin)).toMatchObject({ ok: true, value: { status: 307 } });
    expect(other.requests).toEqual([]);
  });

  it("ends an answer without end", async () => {
    const endpoint = await endpointOfTest({ status: 200, body: "x".repeat(256 * 1024 + 1) });
    expect(await get(endpoint.origin)).toMatchObject({ ok: false, error: { kind: "too_large" } });
  });

  it("ends when its time is up", async () => {
    const endpoint = await TokenEndpoint.start(() => new Promise<never>(() => undefined));
    onTestFinished(() => endpoint.close());
    expect(await get(endpoint.origin, {}, { timeoutMs: 20.5 })).toMatchObject({ error: { kind: "timeout" } });
  });

  it("ends where the answer is another protocol", async () => {
    const port = await freePort();
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    }).listen(port, "127.0.0.1");
    onTestFinished(() => void server.close());
    expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({ error: { code: "ECONNRESET" } });
  });

  it("tells a closed port and a name that is not there", async () => {
    expect(await get(`http://127.0.0.1:${await freePort()}/`)).toMatchObject({
      error: { kind: "unreachable", code: "ECONNREFUSED" },
    });
    // RFC 6761 §6.4: never a name of anybody's.
    expect((await get("http://berth.invalid/")).ok).toBe(false);
  });
});

describe("a server under a private CA", () => {
  it("is trusted by BERTH_CA_FILE, and by nothing else", async () => {
    const { port, caFile } = await tlsServerOfTest();
    const url = `https://127.0.0.1:${port}/x`;
    expect(await get(url)).toMatchObject({ ok: false, error: { kind: "untrusted" } });
    expect(await get(url, { BERTH_CA_FILE: caFile })).toMatchObject({ ok: true, value: { text: "/x" } });
    const other = await tlsServerOfTest();
    expect(await get(url, { BERTH_CA_FILE: other.caFile })).toMatchObject({ error: { kind: "untrusted" } });
  });

  it("is not trusted because the job has switched verification off for others", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { port } = await tlsServerOfTest();
    expect(await get(`https://127.0.0.1:${port}/`)).toMatchObject({ error: { kind: "untrusted" } });
  });

  it.each([
    { what: "another name", names: { dns: ["other.example.com"] }, kind: "wrong_name" },
    {
      what: "a certificate of yesterday",
      names: { ip: ["127.0.0.1"], notAfter: Date.now() - DAY_MS },
      kind: "certificate_dates",
    },
  ])("is told for $what", async ({ names, kind }) => {
    const { port, caFile } = await tlsServerOfTest(names);
    const answered = await get(`https://127.0.0.1:${port}/`, { BERTH_CA_FILE: caFile });
    expect(answered).toMatchObject({ ok: false, error: { kind } });
  });

  it("is not asked at all when the file cannot be read", async () => {
    const variables = { BERTH_CA_FILE: join("/", "nowhere", "ca.pem") };
    expect(await get("https://127.0.0.1:1/", variables)).toMatchObject({ error: { kind: "ca_unreadable" } });
  });

  it("is told from one that does not speak TLS", async () => {
    const { origin } = await endpointOfTest({ status: 200, body: "" });
    const answered = await get(origin.replace("http:", "https:"));
    expect(answered).toMatchObject({ ok: false, error: { kind: "not_tls" } });
  });
});

describe("a proxy", () => {
  const names = { dns: ["issuer.example.com"] };

  it("carries what is for other hosts, TLS from end to end", async () => {
    const [{ port, caFile }, proxy] = await Promise.all([tlsServerOfTest(names), proxyOfTest()]);
    const variables = { HTTPS_PROXY: proxy.url, BERTH_CA_FILE: caFile };
    const answered = await get(`https://issuer.example.com:${port}/x`, variables);
    expect(answered).toMatchObject({ ok: true, value: { text: "/x" } });
    expect(proxy.asked).toEqual([`issuer.example.com:${port}`]);
  });

  it("that refuses is told, without its password", async () => {
    const proxy = await proxyOfTest(407);
    const answered = await get("https://issuer.example.com/", { https_proxy: proxy.url });
    expect(answered).toMatchObject({
      ok: false,
      error: { kind: "proxy_refused", proxy: new URL(proxy.url).host },
    });
    expect(JSON.stringify(answered)).not.toContain("proxy-password");
  });

  it("is not for this machine, nor for what must go directly", async () => {
    const [proxy, endpoint] = await Promise.all([proxyOfTest(), endpointOfTest({ status: 204, body: "" })]);
    const variables = { http_proxy: proxy.url };
    expect(await get(endpoint.origin, variables)).toMatchObject({ value: { status: 204 } });
    expect((await get("http://berth.invalid/", variables, { direct: true })).ok).toBe(false);
    expect(proxy.asked).toEqual([]);
    expect(await get("http://berth.invalid/", variables)).toMatchObject({ value: { status: 200 } });
    expect(proxy.asked).toEqual(["http://berth.invalid/"]);
  });

  it("is told to a Node that cannot use it", async () => {
    const proxy = await proxyOfTest();
    const request = createHttpRequest({ HTTPS_PROXY: proxy.url }, "22.20.0");
    const answered = await request({ method: "GET", url: "https://berth.invalid/", timeoutMs: 10_000 });
    expect(answered).toMatchObject({
      ok: false,
      error: { unusedProxy: { host: new URL(proxy.url).host, node: "22.20.0" } },
    });
    expect(proxy.asked).toEqual([]);
  });
});
