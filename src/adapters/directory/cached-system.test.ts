import { beforeEach, describe, expect, it } from "vitest";
import { anIssuer, aRegistry, ISSUER_URL, SERVICE } from "../../../test/support/baseline.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import type { SystemRecords } from "../../usecases/store-records.ts";
import { CachedSystem } from "./cached-system.ts";

let clock: TestClock;
let records: SystemRecords;
let down: boolean;
let reads: number;
let system: CachedSystem;

beforeEach(() => {
  clock = new TestClock(1_700_000_000_000);
  records = { revision: 1, issuers: [anIssuer()], registries: [aRegistry()] };
  down = false;
  reads = 0;
  const readSystem = async () => {
    reads += 1;
    if (down) throw new UnavailableError("down");
    return records;
  };
  system = new CachedSystem({ readSystem }, clock);
});

it("finds issuers and registries by their exact names, in one read", async () => {
  expect(await system.findIssuer(ISSUER_URL)).toEqual(anIssuer());
  expect(await system.findRegistry(SERVICE)).toEqual(aRegistry());
  expect(await system.findIssuer(`${ISSUER_URL}/`)).toBeUndefined();
  expect(await system.findRegistry(SERVICE.toUpperCase())).toBeUndefined();
  expect(await system.findIssuer("__proto__")).toBeUndefined();
  expect(reads).toBe(1);
});

it.each([
  ["is a second old", 1000, 2],
  ["is younger", 999, 1],
  ["is of the future, after the clock was set back", -1, 2],
])("reads again or not when the last read %s", async (_, age, expected) => {
  await system.findIssuer(ISSUER_URL);
  records = { ...records, issuers: [] };
  clock.advance(age);
  expect(await system.findIssuer(ISSUER_URL)).toEqual(expected === 2 ? undefined : anIssuer());
  expect(reads).toBe(expected);
});

describe("with a store that is down", () => {
  it("is an error, and no old answer", async () => {
    await system.findIssuer(ISSUER_URL);
    down = true;
    clock.advance(1000);
    await expect(system.findIssuer(ISSUER_URL)).rejects.toThrow(UnavailableError);
    await expect(system.findRegistry(SERVICE)).rejects.toThrow(UnavailableError);
  });

  it("asks again at the next call", async () => {
    down = true;
    await expect(system.findIssuer(ISSUER_URL)).rejects.toThrow(UnavailableError);
    down = false;
    expect(await system.findIssuer(ISSUER_URL)).toEqual(anIssuer());
  });
});

describe("what was read last", () => {
  const findStale = () => system.lastGood(600_000).findRegistry(SERVICE);

  it("is had for as long as it is asked for, whatever the store says", async () => {
    await system.findRegistry(SERVICE);
    down = true;
    clock.advance(599_999);
    expect(await findStale()).toEqual(aRegistry());
    expect(await system.lastGood(600_000).findRegistry("other.example.com")).toBeUndefined();
    expect(reads).toBe(1);
    clock.advance(1);
    await expect(findStale()).rejects.toThrow(UnavailableError);
  });

  it("is not had when nothing was read, nor when the clock was put back", async () => {
    await expect(findStale()).rejects.toThrow(UnavailableError);
    await system.findRegistry(SERVICE);
    clock.advance(-1);
    await expect(findStale()).rejects.toThrow(UnavailableError);
  });
});
