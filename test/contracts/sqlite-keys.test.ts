import { afterEach, expect, it } from "vitest";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { listKeys } from "../../src/usecases/upkeep/list-keys.ts";
import { openKeys } from "../../src/usecases/upkeep/open-keys.ts";
import { rotateKeys } from "../../src/usecases/upkeep/rotate-keys.ts";
import { aRegistry } from "../support/baseline.ts";
import { StandingClock } from "../support/key-store.ts";
import { KEY_TEST_NOW, keysOn } from "../support/key-world.ts";
import { newSqliteStore } from "../support/sqlite-store.ts";

const store = newSqliteStore();
afterEach(() => store.remove());

it("keeps Berth's keys in one SQLite file for two Berths, from the first start to a rotation", async () => {
  const clock = new StandingClock(KEY_TEST_NOW);
  const [one, two] = [store.connect(), store.connect()].map((db) =>
    keysOn({ directory: new SqliteDirectory(db, clock), ledger: new SqliteLedger(db, clock) }, clock),
  ) as [ReturnType<typeof keysOn>, ReturnType<typeof keysOn>];
  const kid = aRegistry({ tokenForm: "kid" });

  await Promise.all([one, two].map(({ deps }) => openKeys(deps, "request-1")));
  const [ofOne, ofTwo] = await Promise.all([one, two].map(({ ring }) => ring.signingKey(aRegistry())));
  expect(ofOne).toEqual(ofTwo);
  await one.ring.signingKey(kid);
  for (const step of ["publish", "activate"] as const)
    await rotateKeys(two.deps, { use: "kid", step }, "request-2");
  clock.advance(1);

  const keys = await listKeys(one.deps);
  expect(keys.map(({ name, status, retiredAt }) => ({ name, status, retiredAt }))).toEqual([
    { name: "ca-1", status: "active", retiredAt: undefined },
    { name: "kid-1", status: "retired", retiredAt: KEY_TEST_NOW },
    { name: "kid-2", status: "active", retiredAt: undefined },
    { name: "x5c-1-1", status: "active", retiredAt: undefined },
  ]);
  expect((await one.ring.signingKey(kid)).kid).toBe(keys[2]?.publicJwk.kid);
});
