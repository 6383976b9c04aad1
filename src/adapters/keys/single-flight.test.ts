import { expect, it } from "vitest";
import { OwnFlights, SingleFlight } from "./single-flight.ts";

it("joins calls for one thing while it runs, and starts again when it has ended", async () => {
  const flights = new SingleFlight<number>();
  let starts = 0;
  const start = async () => {
    starts += 1;
    return starts;
  };
  await expect(Promise.all([flights.run("a", start), flights.run("a", start)])).resolves.toEqual([1, 1]);
  await expect(Promise.all([flights.run("a", start), flights.run("b", start)])).resolves.toEqual([2, 3]);
});

it("hands a fault to all who wait, and keeps none", async () => {
  const flights = new SingleFlight<number>();
  const fail = () => Promise.reject(new Error("no"));
  const outcomes = await Promise.allSettled([flights.run("a", fail), flights.run("a", fail)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(flights.run("a", async () => 1)).resolves.toBe(1);
});

it("joins none where each call is for itself", async () => {
  const flights = new OwnFlights<number>();
  let starts = 0;
  const start = async () => {
    starts += 1;
    return starts;
  };
  await expect(Promise.all([flights.run("a", start), flights.run("a", start)])).resolves.toEqual([1, 2]);
});
