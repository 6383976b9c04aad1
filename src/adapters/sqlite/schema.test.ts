import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aNamespace, anApiToken, anEvent, aRobot } from "../../../test/support/baseline.ts";
import { newSqliteStore, type SqliteStore } from "../../../test/support/sqlite-store.ts";
import { SqliteApiTokens } from "../directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../directory/sqlite-directory.ts";
import { systemClock } from "../runtime/system-clock.ts";
import { encodeDocument } from "./document.ts";
import { MIGRATIONS } from "./schema.ts";

/** Steps of the release that had no management. */
const STEPS_BEFORE = 3;

let store: SqliteStore;
beforeEach(() => {
  store = newSqliteStore();
  mkdirSync(dirname(store.file), { mode: 0o700 });
  const before = new DatabaseSync(store.file);
  before.exec(`BEGIN; ${MIGRATIONS.slice(0, STEPS_BEFORE).join(";")}`);
  before.exec(`PRAGMA user_version = ${STEPS_BEFORE}`);
  const { rules, ...robot } = aRobot();
  before
    .prepare("INSERT INTO namespaces VALUES ('acme', 4, ?), ('gone', 2, NULL)")
    .run(encodeDocument(aNamespace()));
  before
    .prepare("INSERT INTO robots VALUES (?, 'acme', ?, 'of-the-rules', ?)")
    .run(robot.name, encodeDocument(robot), encodeDocument(rules));
  before.exec(`INSERT INTO pins VALUES ('${robot.name}', 'rule-1', '${encodeDocument({ id: "1" })}')`);
  before.exec("COMMIT");
  before.close();
});
afterEach(() => store.remove());

it("brings a store of the release before to this one's schema, with its records", async () => {
  const db = store.connect();
  expect(db.get("PRAGMA user_version")).toMatchObject({ user_version: MIGRATIONS.length });
  const directory = new SqliteDirectory(db, systemClock);
  const place = { revision: 4, namespace: aNamespace() };
  expect(await directory.readRobot("acme+builder")).toStrictEqual({ ...place, robot: aRobot() });
  expect(await directory.listRobots("acme", "", 10)).toStrictEqual([aRobot()]);
  expect(await directory.readNamespace("acme")).toStrictEqual({
    ...place,
    robots: [aRobot()],
    pins: { "acme+builder": { "rule-1": { id: "1" } } },
  });
});

it("has the names that it removed reserved since an unknown time, to be released or made anew", async () => {
  const directory = new SqliteDirectory(store.connect(), systemClock);
  expect(await directory.listReservations()).toStrictEqual([{ name: "gone", since: 0 }]);
  expect(await directory.releaseName("gone", anEvent(0))).toBe(true);
  expect(await directory.listReservations()).toStrictEqual([]);
  const namespace = aNamespace({ name: "gone" });
  await directory.commitNamespace({
    name: "gone",
    fromRevision: 0,
    namespace,
    putRobots: [],
    removeRobots: [],
    event: anEvent(0),
  });
  expect(await directory.readNamespace("gone")).toMatchObject({ revision: 3, namespace });
});

it("takes a first API token, since there was never one", async () => {
  const tokens = new SqliteApiTokens(store.connect());
  const token = anApiToken({ scopes: ["super:user"] });
  expect(await tokens.add(token, anEvent(0), "first")).toBe(true);
  expect(await tokens.list()).toStrictEqual([token]);
});
