import { expect, it } from "vitest";
import { RequestScope } from "./request-scope.ts";

/** Runs a request to its very end. */
async function toTheEnd<T>(scope: RequestScope, work: () => Promise<T>, after = async () => {}): Promise<T> {
  const endings: Promise<unknown>[] = [];
  const outcome = await scope.run((ending) => void endings.push(ending), work, after);
  await Promise.all(endings);
  return outcome;
}

it("makes a value once for each request, when it is asked for", async () => {
  const scope = new RequestScope();
  let made = 0;
  const number = scope.slot(
    () => {
      made += 1;
      return made;
    },
    async () => {},
  );
  await expect(toTheEnd(scope, async () => [number(), number()])).resolves.toEqual([1, 1]);
  await expect(toTheEnd(scope, async () => number())).resolves.toBe(2);
  await toTheEnd(scope, async () => {});
  expect(made).toBe(2);
});

it("keeps the values of requests that run at once apart", async () => {
  const scope = new RequestScope();
  const own = scope.slot(
    () => ({}),
    async () => {},
  );
  const pair = () => toTheEnd(scope, async () => [own(), await Promise.resolve().then(own)]);
  const [[first, firstAgain], [second, secondAgain]] = await Promise.all([pair(), pair()]);
  expect([firstAgain, secondAgain]).toEqual([first, second]);
  expect(first).not.toBe(second);
});

it("ends values in their order behind what comes after the answer, and those that were made for that too", async () => {
  const scope = new RequestScope();
  const steps: string[] = [];
  const slot = (name: string) =>
    scope.slot(
      () => name,
      async () => void steps.push(`${name} ended`),
    );
  const [first, second, unused] = [slot("first"), slot("second"), slot("unused")];
  const after = async () => void steps.push(`after ${second()}`);
  await toTheEnd(scope, async () => void steps.push(first()), after);
  expect(steps).toEqual(["first", "after second", "first ended", "second ended"]);
  expect(unused).toThrow("outside of one");
});

it("answers before the values end, and ends them when the request fails", async () => {
  const scope = new RequestScope();
  let ended = false;
  const value = scope.slot(
    () => 1,
    async () => {
      ended = true;
    },
  );
  const endings: Promise<unknown>[] = [];
  const failing = async () => {
    value();
    throw new Error("no");
  };
  const running = scope.run(
    (ending) => void endings.push(ending),
    failing,
    async () => {},
  );
  await expect(running).rejects.toThrow("no");
  await Promise.all(endings);
  expect(ended).toBe(true);
});
