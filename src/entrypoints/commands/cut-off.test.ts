import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRobot, ISSUER_URL } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import { TestClock } from "../../../test/support/test-clock.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  const other = aRobot({ name: "acme+other", uid: "other-uid", managedBy: "file" });
  await world.put({ namespace: { managedBy: "file" }, robots: [aRobot(), other] });
});
afterEach(() => world.remove());

/** A credential of each robot account; the id of acme+builder's. */
async function minted(): Promise<string> {
  return world.inStore(async ({ ledger }) => {
    const place = { ledger, clock: new TestClock(Date.now()) };
    const provenance = { run_id: "4711", "evil\u001b": "x" };
    const { credential } = await mintCredential(place, { provenance });
    await mintCredential(place, { robot: "acme+other", robotUid: "other-uid" });
    return credential.id;
  });
}

/** Robot account → the state of its credential. */
async function states(): Promise<Readonly<Record<string, string>>> {
  const { out } = await world.berth("credentials", "list", "--json");
  const { credentials } = JSON.parse(out) as { credentials: { robot: string; state: string }[] };
  return Object.fromEntries(credentials.map(({ robot, state }) => [robot, state]));
}

const BOTH_ALIVE = { "acme+builder": "alive", "acme+other": "alive" };
const ONE_DEAD = { "acme+builder": "revoked", "acme+other": "alive" };
const BOTH_DEAD = { "acme+builder": "revoked", "acme+other": "revoked" };

describe("berth credentials", () => {
  it("lists them with who earned them and from which run, and shows no secret", async () => {
    const id = await minted();
    const { out } = await world.berth("credentials", "list", "--robot", "acme+builder");
    const [title, line, ...rest] = out.split("\n");
    expect(title).toMatch(/^ID +STATE +ROBOT +UNTIL +RULE +SUBJECT +EARNED BY$/);
    expect(line).toMatch(
      new RegExp(`^${id} {2}alive {2}acme\\+builder {2}20\\d\\d.*Z {2}rule-1 {2}repo:acme/app`),
    );
    expect(line).toContain("run_id=4711 evil\\u{1b}=x");
    expect(rest).toEqual([]);
    expect((await world.berth("credentials", "list", "--namespace", "acme")).out.split("\n")).toHaveLength(3);
    expect((await world.berth("credentials", "list", "--namespace", "other")).out).toBe(
      "no live credentials",
    );
    expect(out).not.toContain("brc_");
  });

  it("wants a robot of the namespace that it names", async () => {
    const { code, err } = await world.berth(
      "credentials",
      "list",
      "--namespace",
      "other",
      "--robot",
      "acme+builder",
    );
    expect([code, err]).toEqual([2, "berth: --robot names one of another namespace than --namespace"]);
  });

  it("revokes one by its id", async () => {
    const id = await minted();
    expect(await world.berth("credentials", "revoke", id)).toEqual({
      code: 0,
      out: `credential ${id}: revoked`,
      err: "",
    });
    expect(await states()).toEqual(ONE_DEAD);
    const unknown = await world.berth("credentials", "revoke", `07${"0".repeat(32)}`);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("(credential_unknown, ")]);
  });
});

describe("berth cut-off", () => {
  it.each<[string, (id: string) => readonly string[], object, RegExp]>([
    ["credential", (id) => [id], ONE_DEAD, /^ended: credential /],
    [
      "robot",
      () => ["acme+builder"],
      ONE_DEAD,
      /^ended: everything that identity tokens earned with robot acme\+builder/,
    ],
    ["rule", () => ["acme+builder", "rule-1"], ONE_DEAD, /^ended: /],
    ["namespace", () => ["acme"], BOTH_DEAD, /^ended: /],
    ["issuer", () => [ISSUER_URL], BOTH_DEAD, /^ended: /],
    ["issuer", () => [ISSUER_URL, "--since", "2020-01-01T00:00:00Z"], BOTH_DEAD, /^ended: /],
    ["issuer", () => [ISSUER_URL, "--since", "2100-01-01T00:00:00Z"], BOTH_ALIVE, /^ended: /],
    ["everything", () => [], BOTH_DEAD, /^ended: everything that identity tokens earned, in every namespace/],
  ])("%s", async (word, args, after, sentence) => {
    const id = await minted();
    const unsaid = await world.berth("cut-off", word, ...args(id));
    expect([unsaid.code, unsaid.out]).toEqual([2, ""]);
    expect(unsaid.err).toMatch(/^berth: this ends .*; say --yes$/);
    expect(await states()).toEqual(BOTH_ALIVE);
    const { code, out, err } = await world.berth("cut-off", word, ...args(id), "--yes");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(sentence);
    // A new epoch takes the records out of the list.
    const left = await states();
    expect({ ...(word === "everything" ? after : {}), ...left }).toEqual(after);
  });

  it.each([
    ["robot", ["acme+nobody"], "robot_unknown"],
    ["rule", ["acme+builder", "nothing"], "rule_unknown"],
    ["namespace", ["nowhere"], "namespace_unknown"],
    ["issuer", ["https://nobody.example.com"], "issuer_unknown"],
    ["issuer", [ISSUER_URL, "--since", "yesterday"], "request_malformed"],
    ["credential", ["x"], "credential_unknown"],
  ])("%s %j: says that there is none", async (word, args, reason) => {
    await minted();
    const { code, out, err } = await world.berth("cut-off", word, ...args, "--yes");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`(${reason}, request `);
    expect(await states()).toEqual(BOTH_ALIVE);
  });

  it("gives the API's JSON", async () => {
    await minted();
    const { out } = await world.berth("cut-off", "robot", "acme+builder", "--yes", "--json");
    expect(JSON.parse(out)).toEqual({ ended: "all", what: expect.stringContaining("robot acme+builder") });
  });
});
