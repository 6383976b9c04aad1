import type { Profile } from "../domain/identity/profiles/profile.ts";
import { canPin } from "../domain/rules/identity-pin.ts";
import type { Path, Report } from "./problem.ts";

/** Reports a `pin` that could record nothing, so that its rule would match nothing, or be thought safer than it is. */
export function checkPin(
  rule: Parameters<typeof canPin>[0],
  path: Path,
  profile: Profile,
  report: Report,
): void {
  if (canPin(rule, profile)) return;
  const known = profile.recyclable.some(({ id }) => id !== undefined);
  report(
    [...path, "pin"],
    known
      ? "has nothing to record: the rule writes out no name that has an id behind it; leave it out"
      : `has nothing to record: the profile ${profile.name} knows no ids; leave it out`,
  );
}
