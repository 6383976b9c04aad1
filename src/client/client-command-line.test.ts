import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json } from "../../test/support/ci-platforms/token-endpoint.ts";
import { ClientJob } from "../../test/support/client-job.ts";
import { runClientCommandLine } from "./client-command-line.ts";
import { CLIENT_COMMANDS } from "./commands/all.ts";
import { takes } from "./commands/client-command.ts";

let job: ClientJob;
beforeEach(async () => {
  job = await ClientJob.onGitHub();
});
afterEach(() => job.close());

function run(...args: readonly string[]): Promise<number> {
  return runWith({}, ...args);
}

function runWith(variables: Record<string, string>, ...args: readonly string[]): Promise<number> {
  const { environment, console } = job.context(variables);
  return runClientCommandLine({ variables: environment.variables, console, version: "1.2.3" }, args);
}

describe("berth login", () => {
  it("says whose credential it is, for what and until when, and not the credential", async () => {
    expect(await run("login", job.names[0], "--robot", "acme+builder")).toBe(0);
    const [, , line] = job.notes;
    expect(line).toMatch(
      new RegExp(`^berth: acme\\+builder at ${job.names[0]} until 20.*Z: repository:acme/app:pull,push$`),
    );
    expect(job.out).toEqual([]);
  });

  it("shows nothing of a server's that a terminal or a runner would obey", async () => {
    const scope = "x\n##vso[task.prependpath]/evil \u001b[2J";
    const good = { username: "acme+builder", access_token: "brc_07abcdef", expires_in: 3600, scope };
    const arranged = () => job.world.mishaps.push(json(200, good), json(200, {}));
    const args = ["login", job.names[0], "--robot", "acme+builder"];
    arranged();
    expect(await run(...args)).toBe(0);
    expect(job.notes.at(-1)).toMatch(/: x\\u\{a\}#\\u\{23\}vso\[task\.prependpath\]\/evil \\u\{1b\}\[2J$/);
    arranged();
    expect(await run(...args, "--print")).toBe(0);
    for (const part of ["##", "\n", "\u001b"]) expect(job.out.join("\n")).not.toContain(part);
    expect(JSON.parse(job.out[0] ?? "")).toMatchObject({ scope });
  });

  it("prints a login for a script, and files nothing", async () => {
    const args = ["--robot", "acme+builder", "--scope", "repository:acme/app:pull", "--ttl", "300"];
    expect(await run("login", job.names[0], ...args, "--print")).toBe(0);
    const printed = JSON.parse(job.out[0] ?? "") as Record<string, string>;
    expect(printed).toEqual({
      ...{ username: "acme+builder", credential: expect.any(String), scope: args[3], server: job.world.url },
      expires_at: expect.any(Number),
    });
    expect(await job.opens(printed.credential)).toBe(true);
    expect(job.config()).toBe(undefined);
    expect(job.notes).toEqual([`::add-mask::${printed.credential}`, expect.stringMatching(/^::add-mask::/)]);
  });

  it("prints the credential alone for docker login --password-stdin", async () => {
    expect(await runWith({ BERTH_ROBOT: "acme+builder" }, "login", job.names[0], "--print-credential")).toBe(
      0,
    );
    expect(job.out).toEqual([expect.stringMatching(/^brc_\w+$/)]);
  });

  it("goes on without an identity where it may, and only then", async () => {
    const args = ["login", job.names[0], "--robot", "acme+builder"];
    const none = { ACTIONS_ID_TOKEN_REQUEST_URL: "" };
    expect(await runWith(none, ...args)).toBe(1);
    expect(job.notes).toEqual([expect.stringContaining("(github_permission_missing)")]);
    job.notes.length = 0;
    expect(await runWith(none, ...args, "--if-no-identity", "skip")).toBe(0);
    expect(job.notes).toEqual([expect.stringContaining("It goes on without a login")]);
    // One that is there and cannot be read is a mistake.
    const unreadable = { BERTH_IDENTITY_TOKEN_FILE: "/nowhere" };
    expect(await runWith(unreadable, ...args, "--if-no-identity", "skip")).toBe(1);
    const refused = ["login", job.names[0], "--robot", "acme+nobody", "--if-no-identity", "skip"];
    expect(await run(...refused)).toBe(1);
  });

  it.each([
    { args: [], told: "usage: berth login REGISTRY..." },
    { args: ["r.example", "--ttl", "soon"], told: "--ttl takes a whole number" },
    { args: ["r.example", "--if-no-identity", "maybe"], told: "--if-no-identity takes fail or skip" },
    { args: ["r.example", "--private", "--no-private"], told: "not both" },
    { args: ["r.example", "--password", "x"], told: "Unknown option '--password'" },
  ])("is not understood with $args", async ({ args, told }) => {
    expect(await runWith({ BERTH_ROBOT: "acme+builder" }, "login", ...args)).toBe(2);
    expect(job.notes.join("\n")).toContain(told);
    expect(job.exchanges).toBe(0);
  });

  it("repeats no secret that stands where an option belongs", async () => {
    const secret = `brc_${"0".repeat(51)}`;
    expect(await run("login", `--${secret}`)).toBe(2);
    expect(job.notes.join("")).not.toContain(secret);
  });

  it("needs a robot account", async () => {
    expect(await run("login", job.names[0])).toBe(1);
    expect(job.notes).toEqual([expect.stringContaining("(robot_missing)")]);
  });
});

it("logs out, twice", async () => {
  await run("login", job.names[0], "--robot", "acme+builder");
  job.notes.length = 0;
  expect(await run("logout")).toBe(0);
  expect(await run("logout")).toBe(0);
  expect(job.notes).toEqual([`berth: logged out of ${job.names[0]}`, "berth: no login of this job"]);
});

it("tells of a logout that could not revoke, and fails", async () => {
  await run("login", job.names[0], "--robot", "acme+builder");
  job.world.mishaps.push({ status: 400, body: "{}" });
  expect(await run("logout")).toBe(1);
  expect(job.notes.join("\n")).toContain("(revocation_failed)");
  expect(job.password(job.names[0])).toBe(undefined);
});

describe("help", () => {
  it.each([[], ["help"], ["--help"]])("lists every command for %j", async (...args) => {
    expect(await run(...args.flat())).toBe(0);
    for (const {
      words: [word],
    } of CLIENT_COMMANDS)
      expect(job.out.join("\n")).toContain(`\n  ${word} `);
  });

  it.each(CLIENT_COMMANDS.map(({ words: [word] }) => word))("is there for %s", async (word) => {
    expect(await run(word, "--help")).toBe(0);
    expect(job.out[0]).toMatch(new RegExp(`^berth ${word}`));
  });

  it("tells the version, and what is no command", async () => {
    expect(await run("--version")).toBe(0);
    expect(job.out).toEqual(["1.2.3"]);
    expect(await run("brc_pasted")).toBe(2);
    expect(job.notes).toEqual(["berth: no such command. `berth help` lists them."]);
  });
});

it.each([
  [["NAME"], 1, true],
  [["NAME"], 2, false],
  [["NAME..."], 0, false],
  [["NAME..."], 3, true],
  [["[NAME...]"], 0, true],
  [[], 0, true],
  [[], 1, false],
])("%j takes %i: %s", (positionals, given, answer) => {
  expect(takes(positionals, given)).toBe(answer);
});
