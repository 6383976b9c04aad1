import { describe, expect, it } from "vitest";
import type { Answer, Observation } from "./history.ts";
import { isCalm, recoveryOf } from "./recovery.ts";

const exchange = (startedAt: number, answer: Answer, berth = 0): Observation => ({
  kind: "exchange",
  identityToken: 1,
  withRetryKey: false,
  startedAt,
  endedAt: startedAt + 10,
  berth,
  answer,
  reason: "",
});

describe("a recovery", () => {
  const span = { fault: "failover", beganAt: 100, endedAt: 200, calmAt: 400 };
  it("is counted from the fault's begin where all was well before it ended", () => {
    const history = [exchange(110, "unavailable"), exchange(130, "done"), exchange(210, "done")];
    expect(recoveryOf(history, span)).toEqual({
      unserved: 1,
      healedItself: true,
      firstGrantMs: 40,
      lastUnservedMs: 20,
    });
  });

  it("is counted from its end where it was not", () => {
    const history = [
      exchange(110, "lost"),
      exchange(130, "done"),
      exchange(220, "unavailable"),
      exchange(240, "done"),
    ];
    expect(recoveryOf(history, span)).toEqual({
      unserved: 2,
      healedItself: false,
      firstGrantMs: 50,
      lastUnservedMs: 30,
    });
  });

  it("is of this fault alone, and never came where nothing was granted", () => {
    const history = [exchange(50, "unavailable"), exchange(150, "refused"), exchange(450, "done")];
    expect(recoveryOf(history, span)).toEqual({
      unserved: 0,
      healedItself: true,
      firstGrantMs: undefined,
      lastUnservedMs: 0,
    });
  });
});

describe("calm", () => {
  const at = { now: 1000, calmMs: 100, berths: 2 };
  it.each<{ when: string; history: readonly Observation[]; calm: boolean }>([
    {
      when: "each Berth has granted",
      history: [exchange(880, "lost"), exchange(920, "done"), exchange(930, "done", 1)],
      calm: true,
    },
    {
      when: "one has not",
      history: [exchange(880, "done"), exchange(920, "done"), exchange(930, "refused", 1)],
      calm: false,
    },
    {
      when: "somebody was told 503",
      history: [
        exchange(880, "done"),
        exchange(920, "done"),
        exchange(930, "done", 1),
        exchange(940, "unavailable"),
      ],
      calm: false,
    },
    {
      when: "nothing is known of the time before",
      history: [exchange(920, "done"), exchange(930, "done", 1)],
      calm: false,
    },
  ])("is $calm when $when", ({ history, calm }) => {
    expect(isCalm(history, at)).toBe(calm);
  });
});
