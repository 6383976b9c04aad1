import { canonicalJson } from "../canonical-json.ts";
import { type RobotContent, robotContent } from "./next-robot.ts";

/** Whether `next` is `old` with itself or some of its rules disabled, or with nothing changed at all. */
export function onlyDisables(old: RobotContent, next: RobotContent): boolean {
  const allowed: RobotContent = {
    ...old,
    enabled: old.enabled && next.enabled,
    rules: old.rules.map((rule, at) => {
      const then = next.rules[at];
      // The nonce of a rule that is disabled is new, so it is taken as it comes.
      return then !== undefined && rule.enabled && !then.enabled
        ? { ...rule, enabled: false, nonce: then.nonce }
        : rule;
    }),
  };
  return canonicalJson(robotContent(allowed)) === canonicalJson(robotContent(next));
}
