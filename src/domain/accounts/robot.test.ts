import { expect, it } from "vitest";
import { aNamespace, anAccount, aRobot, aRule } from "../../../test/support/baseline.ts";
import { isAdministrative, isEnabled, nextTokenNumber, tokenInGrace } from "./robot.ts";

it.each([
  { namespace: true, robot: true, is: true },
  { namespace: false, robot: true, is: false },
  { namespace: true, robot: false, is: false },
  { namespace: false, robot: false, is: false },
])(
  "a robot enabled ($robot) in a namespace enabled ($namespace) is enabled: $is",
  ({ namespace, robot, is }) => {
    const account = anAccount({
      namespace: aNamespace({ enabled: namespace }),
      robot: aRobot({ enabled: robot }),
    });
    expect(isEnabled(account)).toBe(is);
  },
);

const TOKEN = { hash: "ab".repeat(32), number: 3, createdAt: 1, declared: false };

it.each([
  { what: "no robot", robot: undefined, next: 1 },
  { what: "a robot that never had one", robot: {}, next: 1 },
  { what: "a robot with one", robot: { token: TOKEN }, next: 4 },
  { what: "a robot that had two", robot: { lastTokenNumber: 2 }, next: 3 },
])("the robot token made next for $what is number $next", ({ robot, next }) => {
  expect(nextTokenNumber(robot)).toBe(next);
});

it.each([
  { what: "by one", token: { ...TOKEN, number: 4 }, inGrace: TOKEN },
  { what: "by two", token: { ...TOKEN, number: 5 }, inGrace: undefined },
  { what: "by none", token: undefined, inGrace: undefined },
])("a robot token in its grace time is followed $what", ({ token, inGrace }) => {
  expect(tokenInGrace({ ...(token && { token }), previousToken: TOKEN })).toBe(inGrace);
});

it("a robot without one has no robot token in its grace time", () => {
  expect(tokenInGrace({ token: TOKEN })).toBeUndefined();
});

it("a robot is administrative as soon as one of its rules grants API scopes, be it none", () => {
  const [plain, granting] = [aRule(), aRule({ apiScopes: ["rules:write"] })];
  expect(isAdministrative({ rules: [] })).toBe(false);
  expect(isAdministrative({ rules: [plain] })).toBe(false);
  expect(isAdministrative({ rules: [plain, granting] })).toBe(true);
  expect(isAdministrative({ rules: [aRule({ apiScopes: [] })] })).toBe(true);
});
