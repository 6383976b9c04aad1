import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

const AT = Date.parse("2026-03-01T12:00:00Z");

async function record(...changes: readonly Parameters<typeof anEvent>[1][]): Promise<void> {
  await world.inStore(({ ledger }) =>
    ledger.record(changes.map((change, at) => anEvent(AT + at, { requestId: `request-${at}`, ...change }))),
  );
}

describe("berth audit", () => {
  it("shows the newest first, in columns, and lets nothing move the cursor", async () => {
    await record(
      { kind: "exchange.refused", reason: "no_match", detail: "rule 1: \u001b[2J", subject: "repo:acme/app" },
      { kind: "directory.changed", actor: "token:x", changes: [{ object: "robot acme+builder", after: {} }] },
    );
    const { code, out, err } = await world.berth("audit", "--since", "2026-01-01T00:00:00Z");
    expect([code, err]).toEqual([0, ""]);
    expect(out.split("\n")).toEqual([
      expect.stringMatching(/^TIME +KIND +OF +BY +WHAT +REQUEST$/),
      expect.stringMatching(
        /^2026-03-01T12:00:00.001Z {2}directory.changed {2}acme\+builder {2}token:x +robot acme\+builder +request-1$/,
      ),
      expect.stringMatching(
        /exchange.refused +acme\+builder {2}repo:acme\/app {2}no_match; rule 1: \\u\{1b\}\[2J +request-0$/,
      ),
    ]);
  });

  it("gives JSON lines, with what a change did before and after", async () => {
    const changes = [{ object: "robot acme+builder", before: { enabled: true }, after: { enabled: false } }];
    await record({ kind: "directory.changed", changes }, {});
    const { out } = await world.berth(
      "audit",
      "--json",
      "--kind",
      "directory.changed",
      "--since",
      "2026-01-01T00:00:00Z",
    );
    expect(out.split("\n").map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ kind: "directory.changed", request_id: "request-0", changes }),
    ]);
  });

  it.each([
    [["--reason", "no_match"], ["request-0"]],
    [
      ["--kind", "exchange.granted"],
      ["request-2", "request-1"],
    ],
    [["--credential", "c-1"], ["request-1"]],
    [["--request", "request-2"], ["request-2"]],
    [["--run", "4711"], ["request-1"]],
    [["--robot", "acme+other"], ["request-2"]],
    [["--namespace", "acme", "--robot", "acme+other"], ["request-2"]],
    [["--namespace", "nowhere"], []],
    [["--until", "2026-03-01T12:00:00.001Z"], ["request-0"]],
    [["--limit", "1"], ["request-2"]],
  ])("finds with %j just %j", async (options, found) => {
    await record(
      { kind: "exchange.refused", reason: "no_match" },
      { credentialId: "c-1", provenance: { run_id: "4711" } },
      { robot: "acme+other" },
    );
    const { out, err } = await world.berth("audit", "--json", "--since", "2026-01-01T00:00:00Z", ...options);
    const ids = out === "" ? [] : out.split("\n").map((line) => JSON.parse(line).request_id);
    expect(ids).toEqual(found);
    expect(err).toBe(
      options[0] === "--limit" ? "older events are left out; --limit N shows more than 1" : "",
    );
  });

  it("reads on behind a page", async () => {
    await record(...Array.from({ length: 1200 }, () => ({})));
    const { out, err } = await world.berth("audit", "--json", "--limit", "1150");
    expect(out.split("\n")).toHaveLength(1150);
    expect(err).toContain("older events are left out");
    expect((await world.berth("audit", "--json")).out.split("\n")).toHaveLength(100);
  });

  it.each([
    [["--kind", "everything"], 1, "(request_malformed, request "],
    [["--since", "yesterday"], 1, "(request_malformed, request "],
    [["--limit", "many"], 2, "berth: --limit takes a whole number"],
    [["--robot", "builder"], 2, "berth: a robot account is named"],
  ])("refuses %j", async (options, code, sentence) => {
    const run = await world.berth("audit", ...options);
    expect([run.code, run.out]).toEqual([code, ""]);
    expect(run.err).toContain(sentence);
  });

  it("has what the command line itself changes, in the store and in the audit file", async () => {
    const file = `${world.folder}/audit.jsonl`;
    await world.berthWith({ BERTH_AUDIT_FILE: file }, "robots", "disable", "acme+builder");
    const { out } = await world.berth("audit", "--json", "--limit", "1");
    expect(JSON.parse(out)).toMatchObject({
      kind: "directory.changed",
      actor: "operator",
      robot: "acme+builder",
      changes: [{ before: { enabled: true }, after: { enabled: false } }],
    });
    expect(readFileSync(file, "utf8")).toBe(`${out}\n`);
  });
});

describe("berth audit purge", () => {
  it("removes what is recorded of one subject", async () => {
    await record({ subject: "alice" }, { subject: "bob" }, { subject: "alice" });
    expect(await world.berth("audit", "purge", "--subject", "alice", "--yes")).toEqual({
      code: 0,
      out: "removed: 2",
      err: "",
    });
    const { out } = await world.berth("audit", "--json");
    expect(out).not.toContain("alice");
    expect(out).toContain("bob");
  });

  it.each([[["--subject", "alice"]], [["--yes"]]])("wants more than %j", async (options) => {
    await record({ subject: "alice" });
    const { code, err } = await world.berth("audit", "purge", ...options);
    expect([code, err]).toEqual([2, "berth: give --subject SUB, and --yes, since nothing brings it back"]);
    expect((await world.berth("audit", "--json")).out).toContain("alice");
  });
});
