import { describe, expect, it } from "vitest";
import { check } from "./checker.ts";
import type { Answer, Observation } from "./history.ts";

const call = (startedAt: number, answer: Answer = "done") => ({
  startedAt,
  endedAt: startedAt + 10,
  berth: 1,
  answer,
  reason: "",
});
const granted = (startedAt: number, secret: number, withRetryKey = false): Observation => ({
  kind: "exchange",
  identityToken: 7,
  withRetryKey,
  secret,
  ...call(startedAt),
});
const refused = (startedAt: number): Observation => ({
  kind: "exchange",
  identityToken: 7,
  withRetryKey: false,
  ...call(startedAt, "refused"),
});
const login = (startedAt: number, secret: number, answer: Answer = "done"): Observation => ({
  kind: "login",
  secret,
  ...call(startedAt, answer),
});
const ending = (startedAt: number, kind: "revocation" | "regeneration", answer?: Answer): Observation => ({
  kind,
  secrets: [1],
  ...call(startedAt, answer),
});
const listed = (count: number): Observation => ({
  kind: "listing",
  aliveOf: new Map([[7, count]]),
  ...call(900),
});

const promisesBroken = (history: readonly Observation[]) => check(history).map(({ promise }) => promise);

describe("a history that is as it should be", () => {
  it.each<{ has: string; history: readonly Observation[] }>([
    { has: "nothing", history: [] },
    { has: "one grant, used", history: [granted(0, 1), login(20, 1), login(900, 1), listed(1)] },
    { has: "a grant and replays that are refused", history: [granted(0, 1), refused(5), refused(40)] },
    {
      has: "a retry that replaces the first credential",
      history: [
        granted(0, 1, true),
        login(20, 1),
        granted(40, 2, true),
        login(60, 1, "refused"),
        login(60, 2),
      ],
    },
    {
      has: "a login that began before the successor was there",
      history: [granted(0, 1, true), login(45, 1), granted(40, 2, true), login(60, 2)],
    },
    {
      has: "two retries at once, of which one wins",
      history: [granted(0, 1, true), granted(5, 2, true), login(20, 1, "refused"), login(20, 2)],
    },
    {
      has: "two retries at once, the first of which worked until the second came",
      history: [granted(0, 1, true), login(11, 1), granted(5, 2, true), login(20, 2)],
    },
    { has: "one answer that came twice", history: [granted(0, 1), granted(40, 1), login(60, 1)] },
    {
      has: "a revocation that holds",
      history: [granted(0, 1), ending(20, "revocation"), login(40, 1, "refused")],
    },
    {
      has: "a login under way at a revocation",
      history: [granted(0, 1), ending(20, "revocation"), login(25, 1)],
    },
    {
      has: "a revocation that was not acknowledged",
      history: [granted(0, 1), ending(20, "revocation", "unavailable"), login(40, 1)],
    },
    { has: "a store that is down", history: [login(20, 1, "unavailable"), login(20, 1, "lost")] },
  ])("has $has", ({ history }) => {
    expect(check(history)).toEqual([]);
  });
});

describe("a history that breaks a promise", () => {
  it.each<{ has: string; history: readonly Observation[]; broken: readonly string[] }>([
    {
      has: "two credentials that are alive at once",
      history: [granted(0, 1), granted(5, 2), login(50, 1), login(50, 2)],
      broken: ["one alive", "one use"],
    },
    {
      has: "a first credential that outlives its successor",
      history: [granted(0, 1, true), granted(40, 2, true), login(60, 1)],
      broken: ["replaced is dead"],
    },
    {
      has: "the same, seen in the other order",
      history: [granted(40, 2, true), granted(0, 1, true), login(60, 1)],
      broken: ["replaced is dead"],
    },
    {
      has: "two retries at once that both live",
      history: [granted(0, 1, true), granted(5, 2, true), login(50, 1), login(60, 2)],
      broken: ["one alive"],
    },
    {
      has: "a second grant without a retry key, though the first credential is dead",
      history: [granted(0, 1), login(20, 1, "refused"), granted(40, 2)],
      broken: ["one use"],
    },
    {
      has: "a second grant after one with a retry key",
      history: [granted(0, 1, true), granted(40, 2)],
      broken: ["one use"],
    },
    {
      has: "two that are listed as alive, though nobody holds them",
      history: [listed(2)],
      broken: ["one alive"],
    },
    {
      has: "a revoked credential that comes back",
      history: [granted(0, 1), ending(20, "revocation"), login(40, 1, "refused"), login(60, 1)],
      broken: ["revocation"],
    },
    {
      has: "a robot token that comes back",
      history: [ending(20, "regeneration"), login(31, 1)],
      broken: ["regeneration"],
    },
    { has: "an answer that is none", history: [login(20, 1, "odd")], broken: ["fail closed"] },
  ])("has $has", ({ history, broken }) => {
    expect(promisesBroken(history)).toEqual(broken);
  });

  it("says which, when and where, and each only once", () => {
    const history = [granted(0, 1), ending(20, "revocation"), ending(40, "revocation"), login(1500, 1)];
    expect(check(history)).toEqual([
      {
        promise: "revocation",
        says: "secret 1, ended at 0.03 s through Berth 1, worked at 1.50 s at Berth 1",
      },
    ]);
  });
});
