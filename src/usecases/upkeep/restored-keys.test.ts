import { describe, expect, it } from "vitest";
import { aKey } from "../../../test/support/backup-world.ts";
import { planKeys } from "./restored-keys.ts";

const keys = (...names: readonly string[]) => names.map((name) => aKey(name));
/** Keys under the same names, as a store has them that began anew. */
const others = (...names: readonly string[]) => names.map((name) => aKey(name, `another ${name}`));
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

interface Case {
  readonly when: string;
  readonly backup: ReturnType<typeof keys>;
  readonly store: ReturnType<typeof keys>;
  readonly remove?: readonly string[];
  readonly put?: readonly string[];
  readonly kept?: readonly string[];
}

describe("planKeys", () => {
  it.each<Case>([
    { when: "the store is empty", backup: keys("ca-1", "kid-1"), store: [], put: ["kid-1", "ca-1"] },
    { when: "the store has the very keys", backup: keys("ca-1", "kid-1"), store: keys("ca-1", "kid-1") },
    {
      when: "a key was rotated since",
      backup: keys("kid-1"),
      store: keys("kid-1", "kid-2"),
      kept: ["kid-2"],
    },
    {
      when: "a key was rotated since and the old one is gone",
      backup: keys("kid-9"),
      store: keys("kid-10"),
      kept: ["kid-10"],
    },
    {
      when: "the backup is of later than the store",
      backup: keys("kid-1", "kid-2"),
      store: keys("kid-1"),
      put: ["kid-1", "kid-2"],
    },
    {
      when: "the store began anew",
      backup: keys("ca-1", "x5c-1-1", "x5c-1-2", "kid-1"),
      store: others("ca-1", "x5c-1-1", "kid-1"),
      put: ["x5c-1-1", "x5c-1-2", "kid-1", "ca-1"],
    },
    {
      when: "the store began anew and has gone further",
      backup: keys("kid-1"),
      store: others("kid-1", "kid-2", "kid-3"),
      remove: ["kid-2", "kid-3"],
      put: ["kid-1"],
    },
    {
      when: "the CA was replaced since: its leaves stay with it",
      backup: keys("ca-1", "x5c-1-1"),
      store: keys("ca-2", "x5c-2-1"),
      kept: ["ca-2", "x5c-2-1"],
    },
    {
      when: "the CA is another: leaves go with it",
      backup: keys("ca-1"),
      store: [...others("ca-1"), ...keys("x5c-1-1")],
      remove: ["x5c-1-1"],
      put: ["ca-1"],
    },
    {
      when: "a registry has a key that it had not",
      backup: keys("ca-1"),
      store: keys("ca-1", "pinned-zot.example.com-1"),
      kept: ["pinned-zot.example.com-1"],
    },
  ])("$when", ({ backup, store, remove = [], put = [], kept = [] }) => {
    const plan = planKeys(backup, store);
    expect({ ...plan, put: namesOf(plan.put) }).toEqual({ remove, put, kept });
  });

  it("keeps what became of a key since the backup", () => {
    const retired = aKey("kid-1", "kid-1", { status: "retired", retiredAt: 1_700_000_100 });
    expect(planKeys(keys("kid-1"), [retired, aKey("kid-2")])).toEqual({
      remove: [],
      put: [],
      kept: ["kid-2"],
    });
  });

  it("is made again after each of its writes, and ends the same way", () => {
    const backup = keys("ca-2", "x5c-2-1", "x5c-2-2", "kid-1", "kid-2");
    const wanted = namesOf(backup).toSorted();
    const store = [...others("ca-1", "ca-2", "x5c-2-1", "x5c-2-3", "kid-1", "kid-2", "kid-3")];
    const first = planKeys(backup, store);
    for (let broken = 0; broken <= first.remove.length + first.put.length; broken += 1) {
      const half = apply(store, first, broken);
      const whole = apply(half, planKeys(backup, half));
      expect(
        whole.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        `after ${broken} writes`,
      ).toEqual(wanted.map((name) => aKey(name)));
    }
  });
});

/** The keys after the first `writes` of a plan. */
function apply(
  store: ReturnType<typeof keys>,
  plan: ReturnType<typeof planKeys>,
  writes = Number.POSITIVE_INFINITY,
) {
  const records = new Map(store.map((key) => [key.name, key]));
  const steps = [
    ...plan.remove.map((name) => () => records.delete(name)),
    ...plan.put.map((key) => () => records.set(key.name, key)),
  ];
  for (const step of steps.slice(0, writes)) step();
  return [...records.values()];
}
