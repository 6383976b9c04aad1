import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../../src/domain/accounts/secret.ts";
import { type Run, runCommand } from "../interop/support/command.ts";
import { ISSUER_URL } from "../support/baseline.ts";
import { type BerthProcess, startBerth } from "../support/berth-process.ts";
import { type CommandRun, type CommandWorld, newCommandWorld } from "../support/command-world.ts";
import { createPrivateCertificates } from "../support/private-certificates.ts";

const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;
const OPERATORS = newApiTokenSecret(webRandom).expose();

/** Only for its files: its store is nobody's. */
let world: CommandWorld;
let berth: BerthProcess;
let variables: Record<string, string>;

/** A server that other programs reach by TLS alone, under a CA of its own. */
beforeAll(async () => {
  world = newCommandWorld();
  const certificates = await createPrivateCertificates({ ip: ["127.0.0.1"] });
  const port = await freePort();
  berth = await startBerth({
    declaration: "",
    port,
    publicUrl: `https://127.0.0.1:${port}`,
    env: {
      // All that it has, the command line writes.
      BERTH_FILE: "",
      BERTH_TLS_CERT: world.file("cert.pem", certificates.cert),
      BERTH_TLS_KEY: world.privateFile("key.pem", certificates.key),
      BERTH_BOOTSTRAP_TOKEN: OPERATORS,
    },
  });
  variables = {
    PATH: process.env.PATH ?? "",
    HOME: world.folder,
    BERTH_SERVER: berth.url,
    BERTH_TOKEN: OPERATORS,
    BERTH_CA_FILE: world.file("ca.pem", certificates.caPem),
  };
});
afterAll(async () => {
  await berth.stop();
  world.remove();
});

/** The command in this process. */
function run(args: readonly string[], changed: Record<string, string> = {}): Promise<CommandRun> {
  return world.berthWith({ ...variables, ...changed }, ...args);
}

/** Standard output of one that must succeed. */
async function out(...args: readonly string[]): Promise<string> {
  const { code, out: printed, err } = await run(args);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${code}: ${err}`);
  return printed;
}

/** The command in a process of its own, with `input` as its standard input. */
function runWith(input: string, ...args: readonly string[]): Promise<Run> {
  return runCommand(process.execPath, [CLI, ...args], { env: variables, input });
}

/** The first lines that a command prints which does not end by itself; it is interrupted then. */
async function firstLines(args: readonly string[], count: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: variables,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) child.kill("SIGINT");
  }
  await ended;
  return lines.slice(0, count);
}

describe("the command line and a server, over TLS under a private CA", () => {
  it("does all of it: one command of each group at least", async () => {
    const issuer = world.file("issuer", `url: ${ISSUER_URL}\nprofile: generic\n`);
    expect(await out("issuers", "put", issuer)).toBe(`${ISSUER_URL}: written`);
    const registry = world.file("registry", "service: r\nurl: https://registry.example.com\ntoken: x5c\n");
    expect(await out("registries", "put", registry)).toBe("r: written");
    expect(await out("namespaces", "create", "acme")).toBe("acme: created");
    expect(await out("robots", "create", "acme+builder")).toMatch(/^brp_[0-9A-Za-z]{49}$/);
    expect(await out("permissions", "add", "acme+builder", "acme/app", "write")).toContain("acme/app");
    const rule = world.file("rule", JSON.stringify({ issuer: ISSUER_URL, subject: "job:a" }));
    expect(await out("rules", "add", "acme+builder", rule)).toMatch(/^rule \S+: added/);
    const claims = JSON.stringify({ iss: ISSUER_URL, sub: "job:b", aud: berth.url, iat: 1, exp: 2 });
    const explained = await run(["explain", "acme+builder", "--claims", world.file("claims", claims)]);
    expect([explained.code, explained.out]).toEqual([
      1,
      expect.stringContaining("acme+builder: no rule matches"),
    ]);
    expect(await out("near-misses", "acme")).toContain("no near misses");
    expect(await out("credentials", "list", "--namespace", "acme")).toBe("no live credentials");
    expect(await out("cut-off", "namespace", "acme", "--yes")).toMatch(/^ended: /);
    expect(await out("tokens", "self")).toMatch(/^known as: +token:[0-9a-f]{32}$/m);
    expect(await out("audit", "--namespace", "acme", "--limit", "1")).toContain("credentials.cut_off");
  });

  it("ends a secret that is shown on standard input, and sends no other text anywhere", async () => {
    await out("namespaces", "create", "leaked");
    const token = await out("robots", "create", "leaked+robot");
    const ended = await runWith(`${token}\n`, "credentials", "revoke", "-");
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("robot token 1 of leaked+robot"),
    });
    const again = await runWith(token, "cut-off", "credential", "-");
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("(credential_unknown, request "),
    });
    expect(await runWith("hunter2", "credentials", "revoke", "-")).toEqual({
      code: 2,
      stdout: "",
      stderr: "berth: standard input holds no credential, robot token or API token of Berth's\n",
    });
  });

  it("follows the audit record until it is interrupted", async () => {
    const args = ["audit", "--follow", "--json", "--since", "2020-01-01T00:00:00Z"];
    const lines = await firstLines(args, 2);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty("kind");
    const [first = "", second = ""] = lines.map((line) => JSON.parse(line).time as string);
    expect(first <= second).toBe(true);
  });

  it.each<[string, Record<string, string>, number, RegExp]>([
    [
      "a CA that is not named",
      { BERTH_CA_FILE: "" },
      1,
      /^berth: https:\S+ shows a certificate that is not trusted; BERTH_CA_FILE may name its CA$/,
    ],
    [
      "a CA file that cannot be read",
      { BERTH_CA_FILE: "/nowhere" },
      2,
      /^berth: BERTH_CA_FILE: names a file that cannot be read$/,
    ],
    [
      "a token that the server does not know",
      { BERTH_TOKEN: newApiTokenSecret(webRandom).expose() },
      1,
      /^berth: Requires authentication: .* \(unauthenticated, request \S+\)$/,
    ],
    ["no token", { BERTH_TOKEN: "" }, 2, /^berth: no API token: /],
  ])("tells of %s", async (_, changed, code, sentence) => {
    const told = await run(["namespaces", "list"], changed);
    expect([told.code, told.out]).toEqual([code, ""]);
    expect(told.err).toMatch(sentence);
  });

  it("tells of a scope that is missing, and of a robot account that is not there", async () => {
    const file = world.privateFile("reader", await out("tokens", "create", "reader", "--scope", "org:read"));
    const asReader = { BERTH_TOKEN: "", BERTH_TOKEN_FILE: file };
    const refused = await run(["namespaces", "create", "mine"], asReader);
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringMatching(/^berth: Unauthorized: .* \(insufficient_scope, request \S+\)$/),
    ]);
    const unknown = await run(["robots", "show", "acme+nobody"], asReader);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("(robot_unknown, request ")]);
  });

  it("has printed no token of those that were shown to it", () => {
    expect(berth.output()).not.toContain(OPERATORS);
  });
});
