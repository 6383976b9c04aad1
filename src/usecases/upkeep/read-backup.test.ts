import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackupWorld, linesOf, PINNED } from "../../../test/support/backup-world.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { openSqlite, type UpkeepStore } from "../../../test/support/upkeep-store.ts";
import { sha256Stream } from "../../adapters/runtime/sha256-stream.ts";
import { readBackup } from "./read-backup.ts";

let store: UpkeepStore;
let lines: readonly string[];
beforeAll(async () => {
  const clock = new TestClock(1_800_000_000_000);
  store = await openSqlite(clock);
  const world = new BackupWorld(store, clock);
  await world.fill();
  lines = await world.lines();
});
afterAll(() => store.close());

type Json = Record<string, unknown>;
const records = () => lines.map((line) => JSON.parse(line) as { record: string; value: Json } & Json);
const read = (changed: readonly string[]) => readBackup(linesOf(changed), sha256Stream());

/** The backup with each record passed through `change`, and a footer that fits. */
function resealed(change: (record: Json & { value: Json }) => Json | undefined): readonly string[] {
  const digest = sha256Stream();
  const body = records()
    .slice(0, -1)
    .flatMap((record) => change(record) ?? [])
    .map((record) => JSON.stringify(record));
  for (const line of body) digest.update(`${line}\n`);
  return [...body, JSON.stringify({ record: "footer", counts: {}, sha256: digest.hex() })];
}

/** With the value of each record of one kind changed. */
function withValue(kind: string, change: (value: Json) => Json): readonly string[] {
  return resealed((record) => (record.record === kind ? { ...record, value: change(record.value) } : record));
}

describe("readBackup", () => {
  it("gives what was backed up", async () => {
    const backup = await read(lines);
    expect(backup).toEqual({
      ok: true,
      value: {
        header: records()[0],
        sha256: records().at(-1)?.sha256,
        issuers: (await store.directory.readSystem()).issuers,
        registries: (await store.directory.readSystem()).registries,
        namespaces: [
          {
            namespace: (await store.directory.readNamespace("acme"))?.namespace,
            robots: (await store.directory.readNamespace("acme"))?.robots.map((robot) => ({
              robot,
              pins: robot.name === "acme+builder" ? { "rule-1": PINNED } : {},
            })),
          },
        ],
        keys: await store.directory.readKeys(),
        apiTokens: await store.apiTokens.list(),
        declarations: [
          { series: "file", digest: "d1".repeat(32), revision: 7 },
          { series: "apply:platform", digest: "d2".repeat(32), revision: 5 },
        ],
        reservations: await store.directory.listReservations(),
      },
    });
  });

  it("takes a footer that was made of the same lines", async () => {
    expect(await read(resealed((record) => record))).toMatchObject({ ok: true });
  });

  it("needs no declaration", async () => {
    const without = resealed((record) => (record.record === "declaration" ? undefined : record));
    expect(await read(without)).toMatchObject({ ok: true, value: { declarations: [] } });
  });

  it.each<[string, () => readonly string[], string]>([
    ["an empty file", () => [], "the backup is empty"],
    ["one that was cut off", () => lines.slice(0, -1), "the backup is cut off: its last line is not there"],
    ["a line behind the end", () => [...lines, ""], "line 13 of the backup stands behind the end"],
    ["what is no JSON", () => ["{"], "line 1 of the backup is no record"],
    ["what is no object", () => ["1"], "line 1 of the backup is no record"],
    ["null", () => ["null"], "line 1 of the backup is no record"],
    ["another file", () => ["{}"], "line 1 of the backup is no header of a backup (record)"],
    ["a list for a header", () => ["[]"], "line 1 of the backup is no header of a backup (record)"],
    [
      "a changed line",
      () => lines.map((line) => line.replace('"role":"write"', '"role":"admin"')),
      "line 12 of the backup has the SHA-256 of another file: the backup was changed",
    ],
    [
      "a footer without its hash",
      () => [...lines.slice(0, -1), '{"record":"footer"}'],
      "line 12 of the backup is no end of a backup (counts)",
    ],
    [
      "a newer format",
      () => resealed((record) => (record.record === "header" ? { ...record, format: 2 } : record)),
      "line 1 of the backup says format 2, and this release of Berth reads 1: take the release 1.2.3",
    ],
    [
      "a record of another kind",
      () => resealed((record) => (record.record === "issuer" ? { ...record, record: "toString" } : record)),
      "line 2 of the backup is a record of no known kind",
    ],
    [
      "a record without a value",
      () => resealed((record) => (record.record === "issuer" ? { record: "issuer" } : record)),
      "line 2 of the backup is no issuer record as this release knows it (value)",
    ],
    [
      "a member with a name that moves the cursor",
      () => withValue("issuer", (value) => ({ ...value, "\u001b[2J": 1 })),
      "line 2 of the backup is no issuer record as this release knows it (??2J)",
    ],
    [
      "a header that moves the cursor",
      () => resealed((record) => (record.record === "header" ? { ...record, madeAt: "\u001b[2J" } : record)),
      "line 1 of the backup is no header of a backup (madeAt)",
    ],
    [
      "a robot of no namespace",
      () => resealed((record) => (record.record === "namespace" ? undefined : record)),
      "line 4 of the backup is a robot of another namespace",
    ],
    [
      "a robot behind another namespace",
      () => withValue("namespace", (value) => ({ ...value, name: "other" })),
      "line 5 of the backup is a robot of another namespace",
    ],
  ])("refuses %s", async (_, changed, error) => {
    expect(await read(changed())).toEqual({ ok: false, error });
  });

  const inRobot = (change: (robot: Json) => Json) => () =>
    withValue("robot", (value) => ({ ...value, robot: change(value.robot as Json) }));
  it.each<[string, () => readonly string[], string]>([
    ["an issuer's keys", () => withValue("issuer", (value) => ({ ...value, keys: {} })), "issuer"],
    [
      "a registry's form",
      () => withValue("registry", (value) => ({ ...value, tokenForm: "jwt" })),
      "registry",
    ],
    ["a namespace's name", () => withValue("namespace", (value) => ({ ...value, name: "No" })), "namespace"],
    ["a key's status", () => withValue("key", (value) => ({ ...value, status: "lost" })), "key"],
    ["an API token's hash", () => withValue("apiToken", (value) => ({ ...value, hash: "ab" })), "apiToken"],
    [
      "an API token's scope",
      () => withValue("apiToken", (value) => ({ ...value, scopes: ["x"] })),
      "apiToken",
    ],
    ["a declaration", () => withValue("declaration", (value) => ({ ...value, more: 1 })), "declaration"],
    ["a reservation", () => withValue("reservation", (value) => ({ ...value, since: -1 })), "reservation"],
    ["pins", () => withValue("robot", (value) => ({ ...value, pins: { rule: 1 } })), "robot"],
    ["a robot's name", inRobot((robot) => ({ ...robot, name: "builder" })), "robot"],
    ["a robot's flag", inRobot((robot) => ({ ...robot, keylessOnly: false })), "robot"],
    ["a permission", inRobot((robot) => ({ ...robot, permissions: [{}] })), "robot"],
    [
      "more rules than a robot may have",
      inRobot((robot) => ({ ...robot, rules: Array(1001).fill({}) })),
      "robot",
    ],
  ])("refuses %s of no known form", async (_, changed, kind) => {
    const error = expect.stringContaining(`is no ${kind} record as this release knows it (`);
    expect(await read(changed())).toEqual({ ok: false, error });
  });
});
