import { beforeEach, describe, expect, it } from "vitest";
import { aNamespace, aRobot, SERVICE } from "../../../test/support/baseline.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { Account, Robot, RobotToken } from "../../domain/accounts/robot.ts";
import { VerifiedRobotTokens } from "./verified-robot-tokens.ts";

const NAME = "acme+builder";
const START = 1_700_000_000;
const MAX_AGE = 600;

const hashOf = (digit: string) => digit.repeat(64);

function aToken(change: Partial<RobotToken> = {}): RobotToken {
  return { hash: hashOf("a"), number: 2, createdAt: START, declared: false, ...change };
}

function anAccount(robot: Partial<Robot> = {}, namespace: Partial<Account["namespace"]> = {}): Account {
  return { namespace: aNamespace(namespace), robot: aRobot({ token: aToken(), ...robot }) };
}

let clock: TestClock;
let tokens: VerifiedRobotTokens;
beforeEach(() => {
  clock = new TestClock(START * 1000);
  tokens = new VerifiedRobotTokens(clock, MAX_AGE);
});

function remember(account = anAccount(), token = aToken()): void {
  tokens.remember(account, token, tokens.begin());
}

const find = (hash = hashOf("a"), name: RobotName = NAME) => tokens.find(name, hash);
const advance = (seconds: number) => clock.advance(seconds * 1000);

describe("a robot token that was verified", () => {
  it("is known by its hash, with pulls of what the robot has", () => {
    remember(
      anAccount({
        catalog: true,
        permissions: [
          { registry: SERVICE, repository: "acme/app", role: "admin" },
          { registry: SERVICE, repository: "acme/base", role: "read" },
        ],
      }),
    );
    expect(find()).toEqual({
      number: 2,
      access: {
        grants: [
          { registry: SERVICE, repository: "acme/app", actions: ["pull"] },
          { registry: SERVICE, repository: "acme/base", actions: ["pull"] },
        ],
        catalog: false,
      },
      verifiedAt: START,
      until: START + MAX_AGE,
    });
  });

  it.each<[string, string, RobotName]>([
    ["another hash", hashOf("b"), NAME],
    ["another robot", hashOf("a"), "acme+other"],
  ])("is not known by %s", (_, hash, name) => {
    remember();
    expect(find(hash, name)).toBe(undefined);
  });

  it("is known while a registry token could live for a minute, and not a second longer", () => {
    remember();
    advance(MAX_AGE - 60);
    expect(find()).toMatchObject({ until: START + MAX_AGE });
    advance(1);
    expect(find()).toBe(undefined);
  });

  it("is known for as long again when it is verified again", () => {
    remember();
    advance(300);
    remember();
    advance(MAX_AGE - 60);
    expect(find()).toMatchObject({ verifiedAt: START + 300 });
  });

  it("is not known past its own end", () => {
    const token = aToken({ expiresAt: START + 100 });
    remember(anAccount({ token }), token);
    advance(40);
    expect(find()).toMatchObject({ until: START + 100 });
    advance(1);
    expect(find()).toBe(undefined);
  });

  it("is not known to a clock that was put back", () => {
    remember();
    advance(-1);
    expect(find()).toBe(undefined);
  });

  it("is known beside the one before it, which is in its grace time", () => {
    const previousToken = aToken({ hash: hashOf("b"), number: 1, expiresAt: START + 200 });
    remember(anAccount({ previousToken }), previousToken);
    remember(anAccount({ previousToken }));
    expect([find(), find(hashOf("b"))]).toMatchObject([{ number: 2 }, { number: 1, until: START + 200 }]);
  });
});

describe("what is seen of the robot afterwards", () => {
  it.each([
    ["it is gone", undefined],
    ["it is disabled", anAccount({ enabled: false })],
    ["its namespace is disabled", anAccount({}, { enabled: false })],
    ["it has another token", anAccount({ token: aToken({ hash: hashOf("c"), number: 3 }) })],
  ])("takes the token where %s, for good", (_, account) => {
    remember();
    tokens.see(NAME, account);
    tokens.see(NAME, anAccount());
    expect(find()).toBe(undefined);
  });

  it("takes the one of two tokens that is no more", () => {
    const previousToken = aToken({ hash: hashOf("b"), number: 1, expiresAt: START + 200 });
    remember(anAccount({ previousToken }), previousToken);
    remember(anAccount({ previousToken }));
    tokens.see(NAME, anAccount());
    expect([find()?.number, find(hashOf("b"))]).toEqual([2, undefined]);
  });

  it("changes what it may pull, and the end of its token", () => {
    remember();
    advance(10);
    const previousToken = aToken({ expiresAt: START + 300 });
    const token = aToken({ hash: hashOf("c"), number: 3 });
    tokens.see(NAME, anAccount({ token, previousToken, permissions: [] }));
    expect(find()).toEqual({
      number: 2,
      access: { grants: [], catalog: false },
      verifiedAt: START,
      until: START + 300,
    });
  });

  it("keeps nobody from being remembered where it takes nothing", () => {
    remember();
    const other = anAccount({ name: "acme+other" });
    const begun = tokens.begin();
    tokens.see(NAME, anAccount());
    tokens.remember(other, aToken(), begun);
    expect(find(hashOf("a"), "acme+other")).toBeDefined();
  });

  it("takes nothing from another robot", () => {
    remember();
    tokens.see("acme+other", undefined);
    expect(find()).toBeDefined();
  });
});

it("is as old as the look-up that found it, however long the store took", () => {
  const begun = tokens.begin();
  advance(30);
  tokens.remember(anAccount(), aToken(), begun);
  expect(find()).toMatchObject({ verifiedAt: START, until: START + MAX_AGE });
});

describe("a change of its namespace in this process", () => {
  it("takes every token of it, and none of another", () => {
    remember();
    const other = { name: "acme2+builder" } as const;
    remember(anAccount(other));
    tokens.forgetNamespace("acme");
    expect([find(), find(hashOf("a"), other.name)]).toEqual([undefined, expect.anything()]);
  });

  it("takes one whose account was read before it, and is verified only now", () => {
    const begun = tokens.begin();
    tokens.forgetNamespace("acme");
    tokens.remember(anAccount(), aToken(), begun);
    expect(find()).toBe(undefined);
  });

  it("takes one whose account was read before it was seen to be disabled", () => {
    remember();
    const begun = tokens.begin();
    tokens.see(NAME, anAccount({ enabled: false }));
    tokens.remember(anAccount(), aToken(), begun);
    expect(find()).toBe(undefined);
  });
});

describe("the room", () => {
  /** A robot takes as many places as it has permissions, and one. */
  const robot = (name: `acme+${string}`, permissions = 1) =>
    anAccount({
      name,
      permissions: Array.from({ length: permissions }, (_, at) => ({
        registry: SERVICE,
        repository: `acme/app-${at}`,
        role: "read" as const,
      })),
    });
  beforeEach(() => {
    tokens = new VerifiedRobotTokens(clock, MAX_AGE, 6);
  });
  const known = (...names: readonly `acme+${string}`[]) => names.filter((name) => find(hashOf("a"), name));

  it("goes to those that were verified last", () => {
    remember(robot("acme+a"));
    remember(robot("acme+b"));
    remember(robot("acme+c"));
    remember(robot("acme+a"));
    remember(robot("acme+d"));
    expect(known("acme+a", "acme+b", "acme+c", "acme+d")).toEqual(["acme+a", "acme+c", "acme+d"]);
  });

  it("counts permissions, as they are seen last", () => {
    remember(robot("acme+a", 5));
    remember(robot("acme+b"));
    expect(known("acme+a", "acme+b")).toEqual(["acme+b"]);
    tokens.see("acme+b", robot("acme+b", 5));
    remember(robot("acme+c"));
    expect(known("acme+b", "acme+c")).toEqual(["acme+c"]);
  });

  it("is not used up by looks, and is given back", () => {
    remember(robot("acme+a"));
    for (let look = 0; look < 10; look += 1) tokens.see("acme+a", robot("acme+a"));
    remember(robot("acme+b", 3));
    expect(known("acme+a", "acme+b")).toEqual(["acme+a", "acme+b"]);
    tokens.see("acme+b", robot("acme+b", 0));
    remember(robot("acme+c", 2));
    expect(known("acme+a", "acme+b", "acme+c")).toEqual(["acme+a", "acme+b", "acme+c"]);
  });

  it("is none for a robot that would take more than there is", () => {
    remember(robot("acme+a", 6));
    expect(known("acme+a")).toEqual([]);
  });
});
