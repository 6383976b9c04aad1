import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aNamespace, anApiToken, anEvent, aRobot } from "../../../test/support/baseline.ts";
import { SqliteApiTokens } from "../../adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../adapters/directory/sqlite-directory.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { openDatabase } from "../../adapters/sqlite/database.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { backup } from "./backup.ts";
import { collect } from "./collect.ts";
import type { Command } from "./command.ts";
import { keysInit } from "./keys.ts";
import { keysExportCa, keysImportCa } from "./keys-ca-file.ts";
import { keysRewrap } from "./keys-rewrap.ts";
import { restore } from "./restore.ts";

const EVENT = anEvent(0, { kind: "directory.changed" });
const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString("base64")}`;
const ROBOTS = Array.from({ length: 22 }, (_, at) => `acme+robot-${String(at).padStart(2, "0")}` as const);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "berth-backup-"));
  file = join(folder, "backup.jsonl");
  expect(await run(keysInit)).toMatchObject({ exit: 0 });
  await onStore(async ({ directory, apiTokens }) => {
    const token = { number: 1, createdAt: 1_700_000_000, declared: false };
    const putRobots = ROBOTS.map((name, at) =>
      // U+2028 ends a line for some readers, and none in JSON.
      aRobot({ name, uid: name, description: "a\u2028b", token: { ...token, hash: hashOf(at) } }),
    );
    const change = { fromRevision: 0, namespace: aNamespace(), putRobots, removeRobots: [], event: EVENT };
    await directory.commitNamespace({ name: "acme", ...change });
    await apiTokens.add(anApiToken({ expiresAt: 4_000_000_000 }), EVENT);
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const hashOf = (at: number) => String(at).padStart(64, "0");

async function onStore<T>(
  use: (store: { directory: SqliteDirectory; apiTokens: SqliteApiTokens }) => Promise<T>,
  data = "data",
): Promise<T> {
  const db = openDatabase(join(folder, data, "berth.db"));
  try {
    return await use({ directory: new SqliteDirectory(db, systemClock), apiTokens: new SqliteApiTokens(db) });
  } finally {
    db.close();
  }
}

interface RunOptions {
  readonly args?: readonly string[];
  readonly values?: Readonly<Record<string, unknown>>;
  readonly data?: string;
  readonly encryption?: string;
}

async function run(command: Command, options: RunOptions = {}) {
  const { args = [], values = {}, data = "data", encryption = key("k1", 1) } = options;
  const out = vi.spyOn(console, "log").mockReturnValue(undefined);
  const errors = vi.spyOn(console, "error").mockReturnValue(undefined);
  const environment = {
    BERTH_PUBLIC_URL: "http://127.0.0.1:8080",
    BERTH_DATA_DIR: join(folder, data),
    BERTH_ENCRYPTION_KEY: encryption,
  };
  const exit = await command.run({ values, positionals: args, environment });
  const told = { exit, out: out.mock.calls.flat(), errors: errors.mock.calls.flat() };
  vi.restoreAllMocks();
  return told;
}

const backedUp = () => run(backup, { args: [file] });
const dayOfBackup = () => JSON.parse(readFileSync(file, "utf8").split("\n")[0] ?? "").madeAt as string;
const EPOCH = "every credential is dead, and every identity token issued until now is refused";

describe("berth backup and berth restore", () => {
  it("write a file for its owner alone, and make another store of it", async () => {
    expect(await backedUp()).toEqual({ exit: 0, out: [`${file}: written`], errors: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8").split("\n")[0] ?? "")).toMatchObject({
      berth: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      store: "sqlite",
    });
    const restored = await run(restore, { args: [file], values: { "with-tokens": true }, data: "other" });
    expect(restored).toEqual({
      exit: 0,
      out: [`restored the backup of ${dayOfBackup()} (namespaces: 1, robot accounts: 22)`, EPOCH],
      errors: [
        "berth: warning: tokens that this store did not have live again (robot tokens: 22, API tokens: 1): regenerate or revoke those that had been ended since the backup",
      ],
    });
    const found = await onStore(({ directory }) => directory.findAccount("acme+robot-07"), "other");
    expect(found?.robot).toMatchObject({ description: "a\u2028b", token: { hash: hashOf(7) } });
  });

  it("tell of the first twenty robots that need a new token, of API tokens, and of keys that stay", async () => {
    await backedUp();
    await onStore(async ({ directory, apiTokens }) => {
      const [ca] = await directory.readKeys();
      if (ca) await directory.addKey({ ...ca, name: "ca-2", publicJwk: { ...ca.publicJwk, kid: "another" } });
      await directory.removeKey("ca-1");
      await apiTokens.remove(anApiToken().id, EVENT);
      const hash = "6f".repeat(32);
      await apiTokens.add(anApiToken({ id: hash.slice(0, 32), hash }), EVENT);
      await directory.commitNamespace({
        name: "acme",
        fromRevision: 1,
        namespace: undefined,
        putRobots: [],
        removeRobots: [],
        event: EVENT,
      });
    });
    // The record of ca-2 is sealed under the name of ca-1: it does not open, so nothing is written.
    const refused = await run(restore, { args: [file], values: { replace: true } });
    expect(refused).toMatchObject({
      exit: 1,
      out: [],
      errors: [expect.stringContaining("in the store, key record")],
    });
    await run(keysInit, { values: { "new-ca": true } });
    expect(await run(restore, { args: [file], values: { replace: true } })).toEqual({
      exit: 0,
      out: [
        `restored the backup of ${dayOfBackup()} (namespaces: 1, robot accounts: 22)`,
        EPOCH,
        "keys that the store has had since the backup, and keeps: ca-3",
        `robot accounts that need a new token (berth robots token): ${ROBOTS.slice(0, 20).join(", ")}, and 2 more`,
        "API tokens of the backup that did not come back: 1; newer ones that are gone: 1",
      ],
      errors: [],
    });
  });

  it("refuse a file that was changed, and a store that has records", async () => {
    await backedUp();
    const text = readFileSync(file, "utf8");
    expect(await run(restore, { args: [file] })).toEqual({
      exit: 1,
      out: [],
      errors: ["berth: the store is not empty: to replace what it has, say --replace; nothing was written"],
    });
    writeFileSync(file, text.replaceAll('"role":"write"', '"role":"admin"'));
    expect(await run(restore, { args: [file], data: "other" })).toEqual({
      exit: 1,
      out: [],
      errors: [
        `berth: ${file}: line 27 of the backup has the SHA-256 of another file: the backup was changed; nothing was written`,
      ],
    });
    expect(readdirSync(folder)).not.toContain("other");
  });

  it("make no backup of half a restore", async () => {
    await onStore(({ directory }) => directory.writeRestoreState({ backup: hashOf(1), startedAt: 1 }));
    expect(await backedUp()).toEqual({
      exit: 1,
      out: [],
      errors: [
        "berth: a restore of this store is not finished: end it first, with `berth restore` and the same file",
      ],
    });
    expect(readdirSync(folder)).toEqual(["data"]);
  });
});

describe("berth collect", () => {
  it("says how many of each kind are gone", async () => {
    await onStore(({ apiTokens }) => apiTokens.add(anApiToken({ id: "old", expiresAt: 1000 }), EVENT));
    const { exit, out } = await run(collect);
    expect([exit, out]).toEqual([
      0,
      [
        "robots of removed namespaces: 0",
        "expired marks: 0",
        "expired credentials: 0",
        "expired API tokens: 1",
        "near misses: 0",
        "orphaned records: 0",
      ],
    ]);
  });

  it("says that another is at it", async () => {
    await onStore(({ directory }) => directory.acquireLease("collector", "another", 60));
    const out = ["another process collects at this moment; nothing was done"];
    expect(await run(collect)).toEqual({ exit: 0, out, errors: [] });
  });
});

describe("berth keys", () => {
  const [k1, k2] = [key("k1", 1), key("k2", 2)];

  it("rewrap says which encryption keys may go", async () => {
    expect(await run(keysRewrap, { encryption: `${k2},${k1}` })).toEqual({
      exit: 0,
      out: [
        "ca-1: now under k2",
        "all keys are under k2: k1 may leave BERTH_ENCRYPTION_KEY; keep it with the backups made until now",
      ],
      errors: [],
    });
    expect(await run(keysRewrap, { encryption: k2 })).toEqual({
      exit: 0,
      out: ["all keys are under k2"],
      errors: [],
    });
    expect(await run(keysRewrap, { encryption: k1 })).toMatchObject({
      exit: 1,
      out: [],
      errors: [expect.stringContaining('under the key id "k2"'), "berth: nothing was written"],
    });
  });

  const passphrase = (text: string) => {
    const path = join(folder, "passphrase");
    writeFileSync(path, text);
    return { "passphrase-file": path };
  };

  it("export-ca and import-ca carry a CA to another store", async () => {
    const path = join(folder, "ca.pem");
    const values = passphrase(`${"p".repeat(20)}\n`);
    expect(await run(keysExportCa, { args: [path], values })).toMatchObject({
      exit: 0,
      out: [`${path}: ca-1`],
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const other = { args: [path], data: "other", encryption: k2 };
    expect(await run(keysImportCa, { ...other, values })).toMatchObject({ exit: 0, out: ["ca-1: imported"] });
    expect(await run(keysImportCa, { ...other, values })).toMatchObject({ out: ["ca-1: is there already"] });
    const third = { ...other, data: "third" };
    await run(keysInit, third);
    expect(await run(keysImportCa, { ...third, values })).toMatchObject({
      exit: 1,
      errors: [expect.stringContaining("say --replace")],
    });
    expect(await run(keysImportCa, { ...third, values: { ...values, replace: true } })).toMatchObject({
      exit: 0,
      out: ["ca-2: imported", "ca-1: removed"],
    });
  });

  it("export-ca says that there is no CA", async () => {
    const options = { args: [join(folder, "ca.pem")], values: passphrase("p".repeat(20)), data: "other" };
    expect(await run(keysExportCa, options)).toMatchObject({
      exit: 1,
      errors: ["berth: there is no CA yet: start Berth, or run `berth keys init`"],
    });
    expect(readdirSync(folder)).not.toContain("ca.pem");
  });

  it.each([
    ["none", () => ({})],
    ["a short one", () => passphrase("p".repeat(19))],
    ["a file that is not there", () => ({ "passphrase-file": join(folder, "no") })],
  ])("export-ca takes no passphrase that is %s", async (_, values) => {
    const options = { args: [join(folder, "ca.pem")], values: values() };
    await expect(run(keysExportCa, options)).rejects.toThrow(ConfigurationError);
    vi.restoreAllMocks();
    expect(readdirSync(folder)).not.toContain("ca.pem");
  });
});
