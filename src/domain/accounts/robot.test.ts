import { expect, it } from "vitest";
import { aNamespace, anAccount, aRobot } from "../../../test/support/baseline.ts";
import { isEnabled } from "./robot.ts";

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
