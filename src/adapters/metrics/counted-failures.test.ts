import { expect, it } from "vitest";
import { UnavailableError } from "../../usecases/ports.ts";
import { countFailures } from "./counted-failures.ts";

/** With private state, which a method of a proxy would not reach by itself. */
class Store {
  readonly name = "store";
  #pings = 0;
  fault: Error | undefined;

  async ping(by: number): Promise<number> {
    if (this.fault) throw this.fault;
    this.#pings += by;
    return this.#pings;
  }

  size(): number {
    return this.#pings;
  }
}

function start() {
  const store = new Store();
  let failures = 0;
  const counted = countFailures(store, () => {
    failures += 1;
  });
  return { store, counted, failures: () => failures };
}

it("passes calls, arguments and answers on", async () => {
  const { counted, failures } = start();
  expect([await counted.ping(2), await counted.ping(3), counted.size(), counted.name]).toEqual([
    2,
    5,
    5,
    "store",
  ]);
  expect(failures()).toBe(0);
});

it("counts an outage, and throws it on", async () => {
  const { store, counted, failures } = start();
  store.fault = new UnavailableError("down");
  await expect(counted.ping(1)).rejects.toBe(store.fault);
  await expect(counted.ping(1)).rejects.toBe(store.fault);
  expect(failures()).toBe(2);
});

it("does not count a bug, and throws it on", async () => {
  const { store, counted, failures } = start();
  store.fault = new TypeError("a bug");
  await expect(counted.ping(1)).rejects.toBe(store.fault);
  expect(failures()).toBe(0);
});
