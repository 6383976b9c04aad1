import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ISSUER_URL } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { CA } from "../../../test/support/declaration-text.ts";
import { sentDeclaration } from "./sent-declaration.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

const ruleOf = (branch: string) =>
  `{ issuer: ${ISSUER_URL}, subject: "repo:acme/tools:ref:refs/heads/${branch}", ttl_seconds: 900 }`;
const PACKER = `namespaces:
  - name: acme
    robots:
      - name: packer
        description: builds packages
        permissions: [{ repository: acme/tools, role: write }]
        rules:
          - ${ruleOf("main")}
`;
const shownRule = (branch: string) =>
  `{ issuer: "${ISSUER_URL}", subject: "repo:acme/tools:ref:refs/heads/${branch}", ttl_seconds: 900 }`;
const NOTHING = "nothing to do: all is as declared";

/** The lines of a plan; the digest of its last one is another each time. */
function linesOf(out: string): readonly string[] {
  return out.replace(/[0-9a-f]{64}$/, "DIGEST").split("\n");
}

describe("berth plan", () => {
  it("says what would be made, and ends with 3; nothing is written", async () => {
    const file = world.file("acme.yaml", PACKER);
    const before = await world.events();
    const { code, out, err } = await world.berth("plan", "-f", file);
    expect([code, err]).toEqual([3, ""]);
    expect(linesOf(out)).toEqual([
      "+ robot acme+packer",
      '    description: "builds packages"',
      "    permissions:",
      '      + { registry: "registry.example.com", repository: "acme/tools", role: "write" }',
      "    rules:",
      `      + ${shownRule("main")}`,
      "",
      "1 to create, 0 to change, 0 to remove, 1 unchanged. Plan DIGEST",
    ]);
    expect(await world.events()).toEqual(before);
  });

  it("says what would be changed and removed, field by field", async () => {
    const both = `${PACKER}      - name: other\n`;
    await world.berth("apply", "--yes", "-f", world.file("acme.yaml", both));
    const changed = PACKER.replace("builds packages", "ships packages").replace(
      "heads/main",
      "heads/release",
    );
    const { code, out } = await world.berth("plan", "-f", world.file("acme.yaml", changed));
    expect(code).toBe(3);
    expect(linesOf(out)).toEqual([
      "~ robot acme+packer",
      '    description: "builds packages" → "ships packages"',
      "    rules:",
      expect.stringMatching(/^ {6}- \{ issuer: .*heads\/main", ttl_seconds: 900, id: ".{22}" \}$/),
      `      + ${shownRule("release")}`,
      "- robot acme+other",
      "",
      "0 to create, 1 to change, 1 to remove, 1 unchanged. Plan DIGEST",
    ]);
  });

  it("ends with 0 where there is nothing to do", async () => {
    const file = world.file("acme.yaml", PACKER);
    await world.berth("apply", "--yes", "-f", file);
    expect(await world.berth("plan", "-f", file)).toEqual({ code: 0, out: NOTHING, err: "" });
  });

  it("ends with 1 where somebody else has an object, and says who", async () => {
    const file = world.file("acme.yaml", PACKER.replace("packer", "builder"));
    expect(await world.berth("plan", "-f", file)).toEqual({
      code: 1,
      out: "! robot acme+builder is managed by api\n\nNothing of this can be applied before that is settled. --adopt takes over what is declared and the API made.",
      err: "",
    });
  });

  it("shows what would be taken over, and apply takes it", async () => {
    const file = world.file("acme.yaml", PACKER.replace("packer", "builder"));
    const { code, out } = await world.berth("plan", "-f", file, "--adopt");
    expect(code).toBe(3);
    const change = '    managed_by: "api" → "apply:default"';
    expect(linesOf(out)).toEqual(
      expect.arrayContaining(["~ namespace acme", "~ robot acme+builder", change]),
    );
    expect((await world.berth("apply", "--yes", "-f", file, "--adopt")).code).toBe(0);
    expect(await world.berth("plan", "-f", file)).toEqual({ code: 0, out: NOTHING, err: "" });
  });

  it("asks nothing of the server that it does not need", () => {
    const values = { file: [world.file("acme.yaml", PACKER)] };
    expect(sentDeclaration(values)).not.toHaveProperty("adopt");
    expect(sentDeclaration({ ...values, adopt: true })).toHaveProperty("adopt", true);
  });

  it("offers nothing that was asked for already", async () => {
    const acme = world.file("acme.yaml", "namespaces: [{ name: acme }]\n");
    await world.berth("apply", "--yes", "-f", acme, "--adopt");
    const nothing = world.file("nothing.yaml", "namespaces: []\n");
    expect(await world.berth("plan", "-f", nothing, "--prune", "--adopt")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^! robot acme\+builder is managed by api\n\nNothing .* settled\.$/),
    });
  });

  it("does not offer to take what another pipeline has", async () => {
    const file = world.file("acme.yaml", PACKER);
    await world.berth("apply", "--yes", "-f", file, "--owner", "theirs");
    expect(await world.berth("plan", "-f", file, "--adopt")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/managed by apply:theirs\n\nNothing .* settled\.$/),
    });
  });

  it("says what the linter finds below its object, by file and line", async () => {
    const file = world.file("acme.yaml", PACKER.replace(", ttl_seconds: 900", ""));
    const { out } = await world.berth("plan", "-f", file);
    expect(linesOf(out)).toContainEqual(
      expect.stringMatching(
        /^ {4}warning: .*acme\.yaml:8:13: namespaces\[0\]\.robots\[0\]\.rules\[0\]\.ttl_seconds: gives what may write as long a life.*\[long-lifetime\]$/,
      ),
    );
    await world.berth("apply", "--yes", "-f", file);
    const again = await world.berth("plan", "-f", file);
    expect(again.code).toBe(0);
    expect(linesOf(again.out)).toEqual([
      "  robot acme+packer",
      expect.stringContaining("[long-lifetime]"),
      NOTHING,
    ]);
  });

  it("ends with 2 for a faulty file, with every problem by file, line and column", async () => {
    const [first, second] = [
      world.file("a.yaml", "namespace: []\n"),
      world.file("b.yaml", "namespaces: {}\n"),
    ];
    const { code, out, err } = await world.berth("plan", "-f", first, "-f", second);
    expect([code, out]).toEqual([2, ""]);
    expect(err.split("\n")).toEqual([
      expect.stringMatching(
        /^berth: The request is malformed: problems in the files: 2 \(request_malformed, /,
      ),
      `${first}:1:1: namespace: is not a field; did you mean namespaces?`,
      `${second}:1:13: namespaces: must be a list`,
    ]);
  });

  it.each([
    [["plan"], "berth: name a file or a folder: -f PATH"],
    [["plan", "-f", "none.yaml"], "berth: none.yaml: cannot be read"],
  ])("%j ends with 2", async (args, err) => {
    expect(await world.berth(...args)).toEqual({ code: 2, out: "", err });
  });

  it("reads a folder, and gives the API's answer to a program", async () => {
    mkdirSync(join(world.folder, "rules"));
    world.file("rules/a.yaml", "namespaces: [{ name: alpha }]");
    world.file("rules/b.yml", PACKER);
    const { code, out } = await world.berth(
      "plan",
      "-f",
      join(world.folder, "rules"),
      "--owner",
      "team",
      "--json",
    );
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      managed_by: "apply:team",
      objects: [{ name: "alpha" }, { name: "acme" }, { name: "acme+packer" }],
    });
  });

  it("removes what is declared no more when it is to be pruned", async () => {
    await world.berth("apply", "--yes", "-f", world.file("all.yaml", `${PACKER}  - name: beta\n`));
    const file = world.file("all.yaml", PACKER);
    expect((await world.berth("plan", "-f", file)).code).toBe(0);
    const { code, out } = await world.berth("plan", "-f", file, "--prune");
    expect([code, linesOf(out)[0]]).toEqual([3, "- namespace beta"]);
  });

  describe("of an issuer with a CA of its own", () => {
    const text = "issuers: [{ url: https://ci.example.com, ca_file: ca.pem }]";

    it("sends the certificates and nothing else of the file", async () => {
      world.file("ca.pem", `subject=secret words\n${CA}more secret words\n`);
      const { code, out, err } = await world.berth("plan", "-f", world.file("ci.yaml", text), "--json");
      expect([code, err]).toEqual([3, ""]);
      expect(JSON.parse(out)).toMatchObject({ objects: [{ after: { keys: { ca_pem: CA } } }] });
      expect(out).not.toContain("secret");
    });

    it.each([
      ["no such file", undefined, "names a file that cannot be read"],
      ["no certificate in it", "root:x:0:0", "holds no certificate in PEM form"],
    ])("is a problem where there is %s", async (_, content, message) => {
      if (content !== undefined) world.file("ca.pem", content);
      const { code, err } = await world.berth("plan", "-f", world.file("ci.yaml", text));
      expect([code, err.split("\n")[1]]).toEqual([
        2,
        expect.stringMatching(new RegExp(`ci\\.yaml:1:51: issuers\\[0\\]\\.ca_file: ${message}$`)),
      ]);
    });

    it("sends no private key, and says so", async () => {
      world.file("ca.pem", "-----BEGIN PRIVATE KEY-----");
      const file = world.file("ci.yaml", text);
      expect(await world.berth("plan", "-f", file)).toEqual({
        code: 2,
        out: "",
        err: `berth: ${file}: ca_file "ca.pem" holds a private key; leave it out`,
      });
    });
  });
});
