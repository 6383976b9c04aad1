import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRobot, aRule, ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

const EVIL = 'it says "x"\u001b[2J\u009b2J\u202e: #no ##vso[task.x]y ##[group]\nnew line';
const PLAIN = aRobot({
  name: "acme+plain",
  uid: "plain-uid",
  description: "",
  permissions: [],
  rules: [],
  managedBy: "api",
});
const RICH = aRobot({
  name: "acme+rich",
  uid: "rich-uid",
  enabled: false,
  description: EVIL,
  catalog: true,
  permissions: [
    { registry: SERVICE, repository: "acme/app", role: "admin" },
    { registry: SERVICE, repository: "acme/lib/**", role: "read" },
  ],
  rules: [
    aRule({
      id: "first",
      issuer: ISSUER_URL,
      subject: "repo:acme/app:environment:production",
      claims: { repository_id: ["4711"], "/nested/claim": ["true", "x: y"], "a\u202eb: #": ["z"] },
      permissions: [{ registry: SERVICE, repository: "acme/app", role: "read" }],
      ttlSeconds: 900,
      description: EVIL,
    }),
    // It stands before a wider one, and gives nothing.
    aRule({ id: "nothing", issuer: ISSUER_URL, subject: "repo:acme/app:pull_request", permissions: [] }),
    aRule({ id: "second", issuer: ISSUER_URL, subject: "repo:acme/app:ref:refs/heads/x", enabled: false }),
  ],
  token: { hash: "ab".repeat(32), number: 4, createdAt: 1, declared: false },
  metadata: { team: "one" },
  managedBy: "api",
});

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put({ namespace: { enabled: false }, robots: [PLAIN, RICH] });
});
afterEach(() => world.remove());

const robot = (name: "acme+plain" | "acme+rich") =>
  world.inStore(async ({ directory }) => (await directory.readRobot(name))?.robot);

async function exported(...options: readonly string[]): Promise<string> {
  const { code, out, err } = await world.berth("namespaces", "export", "acme", ...options);
  expect([code, err]).toEqual([0, ""]);
  return out;
}

describe("berth namespaces export", () => {
  it("says what a declaration must say, and nothing else", async () => {
    await world.put({ namespace: { enabled: true } });
    const lines = (await exported()).split("\n");
    expect(lines.slice(0, 12)).toEqual([
      "namespaces:",
      '  - name: "acme"',
      "    robots:",
      '      - name: "builder"',
      "        permissions:",
      `          - registry: "${SERVICE}"`,
      '            repository: "acme/app"',
      '            role: "write"',
      "        rules:",
      `          - issuer: "${ISSUER_URL}"`,
      '            subject: "repo:acme/app:ref:refs/heads/main"',
      "            ttl_seconds: 3600",
    ]);
    expect(lines).toContain('      - name: "plain"');
    for (const out of [lines.join("\n"), await exported("--json")]) {
      expect(out).not.toMatch(/[^\P{C}\n]|##(?:vso)?\[/u);
    }
  });

  it.each([
    { form: "YAML", options: [], file: "acme.yaml" },
    { form: "JSON", options: ["--json"], file: "acme.json" },
  ])(
    "in $form is what is there: a plan that adopts it changes the owner alone",
    async ({ options, file }) => {
      const path = world.file(file, await exported(...options));
      const before = [await robot("acme+plain"), await robot("acme+rich")];
      const { code, out, err } = await world.berth("plan", "-f", path, "--adopt", "--json");
      expect(err).toBe("");
      expect([code, JSON.parse(out)]).toMatchObject([3, { summary: { changed: 3 }, refused: [] }]);
      const owners = { before: { managed_by: "api" }, after: { managed_by: "apply:default" } };
      for (const object of JSON.parse(out).objects) expect(object).toMatchObject(owners);
      await world.berth("apply", "-f", path, "--adopt", "--yes");
      const owned = before.map((one) => ({ ...one, managedBy: "apply:default" }));
      expect([await robot("acme+plain"), await robot("acme+rich")]).toEqual(owned);
      expect((await world.berth("plan", "-f", path)).code).toBe(0);
    },
  );

  it("has every robot account of many", async () => {
    const names = Array.from({ length: 103 }, (_, at) => `acme+robot-${100 + at}` as const);
    await world.put({ robots: names.map((name) => aRobot({ name, uid: `${name}-uid`, managedBy: "api" })) });
    const { robots } = JSON.parse(await exported("--json")).namespaces[0];
    expect(robots.filter(({ rules }: { rules?: object[] }) => rules?.length === 1)).toHaveLength(103);
    expect(robots.map(({ name }: { name: string }) => `acme+${name}`)).toEqual(expect.arrayContaining(names));
  });

  it("warns of a robot token that would end", async () => {
    const token = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: true };
    await world.put({ robots: [{ ...PLAIN, token }] });
    const { code, err } = await world.berth("namespaces", "export", "acme");
    expect([code, err]).toEqual([
      0,
      "acme+plain: its token_hash is nowhere to be read, and applying this without it would end its robot token: take it from the file that declares it",
    ]);
  });

  it("says that there is no such namespace, and prints nothing", async () => {
    expect(await world.berth("namespaces", "export", "nobody")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("namespace_unknown"),
    });
  });
});
