import { chownSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../../demo/free-port.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { newApiTokenSecret, newRobotToken } from "../../domain/accounts/secret.ts";
import type { Environment } from "../read-settings.ts";

const TOKEN = newApiTokenSecret(webRandom).expose();

let world: CommandWorld;
let server: Server;
let url: string;
/** Requests that came: method, path, and what was shown. */
let asked: string[];
let answer: { status: number; headers: Record<string, string>; body: string };
beforeEach(async () => {
  world = newCommandWorld();
  asked = [];
  answer = { status: 200, headers: {}, body: '{"namespaces":[]}' };
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  world.remove();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function list(variables: Environment, ...options: readonly string[]) {
  return world.berthWith(variables, "namespaces", "list", ...options);
}

const NONE = { code: 0, out: "no namespaces", err: "" };

describe("a server", () => {
  it("is asked with the API token, and named by a variable or, before it, an option", async () => {
    expect(await list({ BERTH_SERVER: url, BERTH_TOKEN: TOKEN })).toEqual(NONE);
    const elsewhere = { BERTH_SERVER: "https://nobody.example.com", BERTH_TOKEN: TOKEN };
    expect(await list(elsewhere, "--server", `${url}/`)).toEqual(NONE);
    const request = `GET /api/v1/namespaces?limit=1000 Bearer ${TOKEN}`;
    expect(asked).toEqual([request, request]);
  });

  it("may be under a path", async () => {
    expect(await list({ BERTH_SERVER: `${url}/berth`, BERTH_TOKEN: TOKEN })).toEqual(NONE);
    expect(asked).toEqual([`GET /berth/api/v1/namespaces?limit=1000 Bearer ${TOKEN}`]);
  });

  it.each([
    ["http://berth.example.com", "BERTH_SERVER: must be https; http is for a loopback host only"],
    ["berth.example.com", "BERTH_SERVER: must be a URL, such as https://berth.example.com"],
    ["https://a:b@berth.example.com", "BERTH_SERVER: must not hold a user name or password"],
  ])("is not %s", async (named, sentence) => {
    expect(await list({ BERTH_SERVER: named, BERTH_TOKEN: TOKEN })).toEqual({
      code: 2,
      out: "",
      err: `berth: ${sentence}`,
    });
  });

  it("that is not there is told of", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    expect(await list({ BERTH_SERVER: nowhere, BERTH_TOKEN: TOKEN })).toEqual({
      code: 1,
      out: "",
      err: `berth: ${nowhere} does not answer (ECONNREFUSED)`,
    });
  });

  it("that hangs up is told of", async () => {
    server.removeAllListeners("request").on("request", (request) => request.socket.destroy());
    const { code, err } = await list({ BERTH_SERVER: url, BERTH_TOKEN: TOKEN });
    expect([code, err]).toEqual([1, `berth: ${url} does not answer (UND_ERR_SOCKET)`]);
  });

  it.each([
    [502, "<h1>Bad gateway</h1>", "what answered (status 502) does not speak Berth's API"],
    [404, '{"error":"not_found"}', "what answered (status 404) does not speak Berth's API"],
    [200, "<h1>Welcome</h1>", "what answered (status 200) does not speak Berth's API"],
    [200, '{"other":[]}', "the server's answer is not understood; its release may be another than this one"],
    [400, '{"error_message":"No.\\u001b[2J"}', "No.\\u{1b}[2J"],
    [400, '{"error_message":"No.","reason":"x","request_id":"y","findings":7}', "No (x, request y)"],
  ])("that answers %s %s is told of", async (status, body, sentence) => {
    answer = { status, headers: {}, body };
    expect(await list({ BERTH_SERVER: url, BERTH_TOKEN: TOKEN })).toEqual({
      code: 1,
      out: "",
      err: `berth: ${sentence}`,
    });
  });

  it("that points elsewhere is not followed: the token is for it alone", async () => {
    answer = { status: 307, headers: { location: `${url}/elsewhere` }, body: "" };
    const { code, err } = await list({ BERTH_SERVER: url, BERTH_TOKEN: TOKEN });
    expect([code, err]).toEqual([1, expect.stringMatching(/does not answer/)]);
    expect(asked).toHaveLength(1);
    expect(err).not.toContain(TOKEN);
  });

  it("is reached through the proxy that the environment names, unless that excepts it", async () => {
    const proxied = {
      BERTH_SERVER: `http://localhost:${await freePort()}`,
      BERTH_TOKEN: TOKEN,
      HTTP_PROXY: url,
    };
    const tunnels: string[] = [];
    server.on("connect", ({ url: target }, socket) => {
      tunnels.push(String(target));
      socket.destroy();
    });
    await list(proxied);
    expect([...tunnels, ...asked].join()).toContain("localhost");
    tunnels.length = 0;
    asked.length = 0;
    expect((await list({ ...proxied, NO_PROXY: "localhost" })).err).toContain(
      "does not answer (ECONNREFUSED)",
    );
    expect([tunnels, asked]).toEqual([[], []]);
  });
});

describe("the API token", () => {
  const usual = () => `${world.folder}/.config/berth/token`;

  it.each([
    [
      "of no variable and no file",
      {},
      /^berth: no API token: set BERTH_TOKEN or BERTH_TOKEN_FILE, or put one into /,
    ],
    ["that is none", { BERTH_TOKEN: "hunter2" }, /^berth: BERTH_TOKEN: is not an API token \(bra_…\)$/],
    [
      "that is a robot's",
      { BERTH_TOKEN: newRobotToken(webRandom).expose() },
      /^berth: BERTH_TOKEN: is not an API token \(bra_…\)$/,
    ],
    [
      "that stands twice",
      { BERTH_TOKEN: TOKEN, BERTH_TOKEN_FILE: "x" },
      /^berth: BERTH_TOKEN_FILE: must not stand beside/,
    ],
    [
      "of a file that is not there",
      { BERTH_TOKEN_FILE: "/nowhere" },
      /^berth: no API token: .* into \/nowhere /,
    ],
    ["of a folder", { BERTH_TOKEN_FILE: "/dev/null/x" }, /^berth: \/dev\/null\/x: cannot be read: ENOTDIR$/],
  ])("%s is told of, and nobody is asked", async (_, variables, sentence) => {
    const { code, out, err } = await list({ BERTH_SERVER: url, ...variables });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(sentence);
    expect(asked).toEqual([]);
  });

  it("may stand in a file that is the user's alone", async () => {
    const file = world.privateFile("token", `${TOKEN}\n`);
    expect(await list({ BERTH_SERVER: url, BERTH_TOKEN_FILE: file })).toEqual(NONE);
    world.privateFile(".config/berth/token", TOKEN);
    expect(await list({ BERTH_SERVER: url })).toEqual(NONE);
    expect(asked.every((line) => line.endsWith(` Bearer ${TOKEN}`))).toBe(true);
  });

  it.each([0o644, 0o640, 0o602])("is not taken from a file of mode %o", async (mode) => {
    world.privateFile(".config/berth/token", TOKEN, mode);
    expect(await list({ BERTH_SERVER: url })).toEqual({
      code: 2,
      out: "",
      err: `berth: ${usual()}: others may read it; run: chmod 600 ${usual()}`,
    });
    expect(asked).toEqual([]);
  });

  it("is not taken from another user's file", async () => {
    // Whoever is not root has one that is root's; root can give one away.
    const file = process.getuid?.() === 0 ? world.privateFile("token", TOKEN) : "/etc/passwd";
    if (process.getuid?.() === 0) chownSync(file, 12345, 12345);
    const { code, err } = await list({ BERTH_SERVER: url, BERTH_TOKEN_FILE: file });
    expect([code, err]).toEqual([2, `berth: ${file}: belongs to another user`]);
    expect(asked).toEqual([]);
  });

  it("is not needed on the host itself, whose command line leaves it be", async () => {
    expect(await list({ BERTH_TOKEN: "hunter2", BERTH_CA_FILE: "/nowhere" })).toEqual(NONE);
  });
});

describe("no server", () => {
  it("and no settings either: says which of both may have been forgotten", async () => {
    const { code, err } = await list({ BERTH_ENCRYPTION_KEY: "" });
    expect([code, err.split("\n")]).toEqual([
      2,
      [
        "berth: BERTH_SERVER names no server, and the settings of this host's own store do not do:",
        "berth: BERTH_ENCRYPTION_KEY: is required",
      ],
    ]);
  });

  it("refuses a store whose restore is not finished", async () => {
    await world.inStore(({ directory }) => directory.writeRestoreState({ backup: "x", startedAt: 0 }));
    const { code, err } = await list({});
    expect([code, err]).toEqual([2, expect.stringContaining("is not finished: run `berth restore`")]);
  });

  it("writes nothing for a look, and makes no keys", async () => {
    await list({});
    await world.inStore(async ({ directory, ledger }) => {
      expect(await directory.readKeys()).toEqual([]);
      expect(await ledger.readEvents(10)).toEqual([]);
    });
  });
});
