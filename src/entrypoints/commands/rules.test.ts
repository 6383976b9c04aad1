import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { aRobot, ISSUER_URL } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../../domain/accounts/secret.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put({ robots: [aRobot({ managedBy: "api", rules: [] })] });
});
afterEach(() => world.remove());

const ROBOT = "acme+builder";

function rule(subject: string, more = ""): string {
  return `issuer: ${ISSUER_URL}\nsubject: ${JSON.stringify(subject)}\n${more}`;
}

/** Adds a rule, and gives its id. */
async function added(subject: string, ...options: readonly string[]): Promise<string> {
  const { code, out } = await world.berth(
    "rules",
    "add",
    ROBOT,
    world.file("rule", rule(subject)),
    ...options,
  );
  expect(code).toBe(0);
  return /^rule (\S+): added/.exec(out)?.[1] ?? "";
}

/** Subjects in their order. */
async function subjects(): Promise<readonly string[]> {
  const { out } = await world.berth("rules", "list", ROBOT, "--json");
  return JSON.parse(out).rules.map((saved: { rule: { subject: string } }) => saved.rule.subject);
}

describe("berth rules", () => {
  it("lists them in order, with what the linter says", async () => {
    expect((await world.berth("rules", "list", ROBOT)).out).toBe("no rules");
    const second = await added("job:b");
    const first = await added("job:a", "--before", second);
    const { out } = await world.berth("rules", "list", ROBOT);
    const [title, one, two, ...findings] = out.split("\n");
    expect(title).toMatch(/^# {2}ID +ENABLED {2}SECONDS {2}SUBJECT {2}ISSUER +DESCRIPTION$/);
    expect(one).toContain(`1  ${first}  yes      3600     job:a    ${ISSUER_URL}`);
    expect(two).toContain(`2  ${second}  yes      3600     job:b    ${ISSUER_URL}`);
    for (const finding of findings) expect(finding).toMatch(/^warn: /);
  });

  it("adds a number of twenty digits as it is written", async () => {
    const text = rule("job:a", "claims: {project_id: 12345678901234567890, n: [1, 2]}\n");
    await world.berth("rules", "add", ROBOT, world.file("rule.yaml", text));
    const { out } = await world.berth("rules", "list", ROBOT, "--json");
    expect(JSON.parse(out).rules[0].rule.claims).toEqual({
      project_id: ["12345678901234567890"],
      n: ["1", "2"],
    });
  });

  it("shows one as a file has it, which writes it back unchanged", async () => {
    const id = await added("job:a");
    const { out } = await world.berth("rules", "show", ROBOT, id);
    expect(parse(out)).toEqual({
      issuer: ISSUER_URL,
      subject: "job:a",
      claims: {},
      ttl_seconds: 3600,
      enabled: true,
      description: "",
    });
    const before = await world.inStore(({ directory }) => directory.readRobot(ROBOT));
    const edited = await world.berth("rules", "edit", ROBOT, id, world.file("rule.yaml", out));
    expect([edited.code, edited.out.split("\n")[0]]).toEqual([0, `rule ${id}: written`]);
    const after = await world.inStore(({ directory }) => directory.readRobot(ROBOT));
    expect(after?.robot?.rules).toEqual(before?.robot?.rules);
  });

  it("edits, disables, enables and removes one", async () => {
    const id = await added("job:a");
    await world.berth("rules", "edit", ROBOT, id, world.file("rule", rule("job:b", "ttl_seconds: 600\n")));
    expect(await subjects()).toEqual(["job:b"]);
    expect((await world.berth("rules", "disable", ROBOT, id)).out).toBe(`rule ${id}: disabled`);
    expect((await world.berth("rules", "list", ROBOT)).out).toMatch(/ no {7}600 /);
    expect((await world.berth("rules", "enable", ROBOT, id)).out).toBe(`rule ${id}: enabled`);
    expect((await world.berth("rules", "remove", ROBOT, id)).out).toBe(`rule ${id}: removed`);
    expect(await subjects()).toEqual([]);
  });

  it("refuses one that lets in anybody, with what to do about it, and saves nothing", async () => {
    const refused = await world.berth("rules", "add", ROBOT, world.file("rule", rule("**")));
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toMatch(
      /^berth: The rules are refused.*\(rules_refused, request .+\)\n {2}refuse: .*\[[a-z-]+\]/,
    );
    expect(await subjects()).toEqual([]);
  });

  it("says before what the linter would say", async () => {
    const good = await world.berth("rules", "lint", ROBOT, world.file("rule", rule("job:a")));
    expect([good.code, good.out.split("\n")[0]]).toEqual([0, "it would be saved"]);
    const bad = await world.berth("rules", "lint", ROBOT, world.file("rule", rule("**")));
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^it would be refused\nrefuse: /);
    const json = await world.berth("rules", "lint", ROBOT, world.file("rule", rule("**")), "--json");
    expect([json.code, JSON.parse(json.out).accepted]).toEqual([1, false]);
    expect(await subjects()).toEqual([]);
    const id = await added("job:a");
    const twice = await world.berth("rules", "lint", ROBOT, world.file("rule", rule("job:a")));
    const same = await world.berth(
      "rules",
      "lint",
      ROBOT,
      world.file("rule", rule("job:a")),
      "--replaces",
      id,
    );
    const before = await world.berth(
      "rules",
      "lint",
      ROBOT,
      world.file("rule", rule("job:c")),
      "--before",
      id,
    );
    expect([twice.code, same.code, before.code]).toEqual([1, 0, 0]);
  });

  it("tells line and column of a file that is not right, and asks nobody", async () => {
    const broken = await world.berth("rules", "add", ROBOT, world.file("rule", "issuer: x\nissuer: y\n"));
    expect([broken.code, broken.out]).toEqual([2, ""]);
    expect(broken.err).toMatch(/rule:2:1: issuer: this field stands twice$/);
  });
});

describe("berth rules move", () => {
  it("moves one before another, and behind all", async () => {
    const [a, b] = [await added("job:a"), await added("job:b")];
    await added("job:c");
    expect((await world.berth("rules", "move", ROBOT, a, "--last")).code).toBe(0);
    expect(await subjects()).toEqual(["job:b", "job:c", "job:a"]);
    await world.berth("rules", "move", ROBOT, a, "--before", b);
    expect(await subjects()).toEqual(["job:a", "job:b", "job:c"]);
  });

  it.each([
    [[], 2, "berth: give one of --before RULE and --last"],
    [["--last", "--before", "x"], 2, "berth: give one of --before RULE and --last"],
    [["--before", "x"], 1, "berth: the robot account has no such rule; `berth rules list` shows their ids"],
  ])("refuses %j", async (options, code, sentence) => {
    const id = await added("job:a");
    expect(await world.berth("rules", "move", ROBOT, id, ...options)).toEqual({
      code,
      out: "",
      err: sentence,
    });
  });

  it("changes nothing when the rules have changed since it looked", async () => {
    const conditions: unknown[] = [];
    const rule = { issuer: ISSUER_URL, subject: "job:a", ttl_seconds: 900, enabled: true, description: "" };
    const server = createServer((request, response) => {
      conditions.push(`${request.method} ${request.headers["if-match"]}`);
      response.writeHead(request.method === "GET" ? 200 : 412, { ETag: '"version-1"' });
      const rules = ["a", "b"].map((id) => ({ id, rule }));
      const refused = {
        error_message: "It has changed since.",
        reason: "precondition_failed",
        request_id: "x",
      };
      response.end(JSON.stringify(request.method === "GET" ? { rules, warnings: [] } : refused));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const token = newApiTokenSecret(webRandom).expose();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const asked = { BERTH_SERVER: url, BERTH_TOKEN: token };
    const { code, err } = await world.berthWith(asked, "rules", "move", ROBOT, "a", "--last");
    await new Promise((resolve) => server.close(resolve));
    expect([code, err]).toEqual([1, "berth: It has changed since (precondition_failed, request x)"]);
    expect(conditions).toEqual(["GET undefined", 'PUT "version-1"']);
  });

  it("refuses to move a rule that there is not", async () => {
    await added("job:a");
    expect((await world.berth("rules", "move", ROBOT, "nothing", "--last")).code).toBe(1);
    expect((await world.berth("rules", "move", "acme+nobody", "nothing", "--last")).err).toContain(
      "(robot_unknown,",
    );
  });
});
