import { describe, expect, it } from "vitest";
import { aPinnedRobot, PINNED, TOKEN_HASH } from "../../../test/support/backup-world.ts";
import { aNamespace, aRobot } from "../../../test/support/baseline.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { restoredNamespace } from "./restored-namespace.ts";

const NOW = 1_800_000_000;
const TOKEN = { hash: TOKEN_HASH, number: 3, createdAt: 1_700_000_000, declared: false };
const PREVIOUS = { ...TOKEN, hash: "2b".repeat(32), number: 2, expiresAt: NOW + 60 };

function restored(
  backup: Robot,
  present: Robot | undefined,
  { namespace = aNamespace(), withTokens = false } = {},
) {
  let drawn = 0;
  return restoredNamespace(
    { namespace: aNamespace(), robots: [{ robot: backup, pins: { "rule-1": PINNED } }] },
    present && { namespace, robots: [aRobot({ name: "acme+other" }), present] },
    { withTokens, now: NOW, draw: () => `drawn-${++drawn}` },
  );
}

describe("restoredNamespace", () => {
  it("keeps all but nonces and uids, which are new", () => {
    const { namespace, robots } = restored(aPinnedRobot(), undefined);
    const { token: _, ...robot } = aPinnedRobot();
    const rules = robot.rules.map((rule) => ({ ...rule, nonce: "drawn-2" }));
    expect(namespace).toEqual(aNamespace({ nonce: "drawn-1" }));
    expect(robots).toEqual([
      {
        robot: { ...robot, uid: "drawn-3", nonce: "drawn-4", rules, lastTokenNumber: 3 },
        pins: { "rule-1": PINNED },
      },
    ]);
  });

  const asleep = { namespace: aNamespace({ enabled: false }) };
  it.each<{
    when: string;
    backup?: Partial<Robot>;
    present: Partial<Robot> | undefined;
    options?: { namespace?: ReturnType<typeof aNamespace> };
    token: "kept" | "lost";
  }>([
    { when: "is alive", present: {}, token: "kept" },
    { when: "is that of no robot", present: undefined, token: "lost" },
    { when: "was regenerated", present: { token: { ...TOKEN, hash: "3c".repeat(32) } }, token: "lost" },
    { when: "is on its way out", present: { token: PREVIOUS, previousToken: TOKEN }, token: "lost" },
    { when: "has expired", present: { token: { ...TOKEN, expiresAt: NOW } }, token: "lost" },
    { when: "has not expired", present: { token: { ...TOKEN, expiresAt: NOW + 1 } }, token: "kept" },
    { when: "has its robot disabled", present: { enabled: false }, token: "lost" },
    { when: "has its namespace disabled", present: {}, options: asleep, token: "lost" },
    {
      when: "has its robot disabled in both",
      backup: { enabled: false },
      present: { enabled: false },
      token: "kept",
    },
  ])("the token is $token that $when", ({ backup, present, options, token }) => {
    const now = present && aPinnedRobot(present);
    const { robots, tokensLost, tokensRevived } = restored(aPinnedRobot(backup), now, options);
    expect(robots[0]?.robot.token).toEqual(token === "kept" ? now?.token : undefined);
    expect(tokensLost).toEqual(token === "kept" ? [] : ["acme+builder"]);
    expect(tokensRevived).toBe(0);
  });

  it("a robot that is there without a token does not get one", () => {
    const { token: _, ...bare } = aPinnedRobot();
    expect(restored(aPinnedRobot(), bare)).toMatchObject({ tokensLost: ["acme+builder"] });
  });

  it.each<[string, Robot, Robot | undefined, number | undefined]>([
    ["of the backup's token", aPinnedRobot(), undefined, 3],
    ["of the store's token", aPinnedRobot(), aPinnedRobot({ token: { ...TOKEN, hash: "2b", number: 5 } }), 5],
    ["of a token that is gone in the store", aRobot(), aRobot({ lastTokenNumber: 4 }), 4],
    ["of a token that was gone in the backup", aRobot({ lastTokenNumber: 2 }), aRobot(), 2],
    ["of none where there was none", aRobot(), aRobot(), undefined],
  ])("a robot without a token keeps the number %s", (_, backup, present, number) => {
    const [restoredOne] = restored(backup, present).robots;
    expect(restoredOne?.robot.lastTokenNumber).toBe(number);
    expect(restoredOne?.robot).not.toHaveProperty("token");
  });

  it("a robot with a token keeps its number there alone", () => {
    const backup = aPinnedRobot({ lastTokenNumber: 2 });
    expect(restored(backup, backup).robots[0]?.robot).not.toHaveProperty("lastTokenNumber");
  });

  it("a robot that had none has none, and is not told of", () => {
    const { robots, tokensLost } = restored(aRobot(), aPinnedRobot());
    expect(robots[0]?.robot).not.toHaveProperty("token");
    expect(tokensLost).toEqual([]);
  });

  it("with tokens, those of the backup come back, counted where they were dead", () => {
    const backup = aPinnedRobot({ previousToken: PREVIOUS });
    const { robots, tokensLost, tokensRevived } = restored(backup, undefined, { withTokens: true });
    expect(robots[0]?.robot).toMatchObject({ token: TOKEN, previousToken: PREVIOUS });
    expect([tokensLost, tokensRevived]).toEqual([[], 1]);
    expect(restored(backup, backup, { withTokens: true }).tokensRevived).toBe(0);
  });

  it("a token in its grace time does not come back without", () => {
    const backup = aPinnedRobot({ previousToken: PREVIOUS });
    expect(restored(backup, backup).robots[0]?.robot).not.toHaveProperty("previousToken");
  });
});
