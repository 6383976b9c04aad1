import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { platformNamed } from "./job-identity/all.ts";
import { plain } from "./plain-text.ts";

/**
 * Why a token with these audiences must not be shown to who takes `wanted`; undefined where it may. One value
 * exactly, as Berth has it: a token for two can be shown by either to the other.
 */
export function audienceProblem(
  audiences: readonly string[],
  wanted: string,
  platformName: string,
): ClientProblem | undefined {
  const [actual = "nobody", ...more] = audiences;
  if (actual === wanted && more.length === 0) return undefined;
  const platform = platformNamed(platformName);
  const mend = { lines: [platform.otherAudience(plain(wanted))] };
  if (more.length > 0) {
    return clientProblem("audience_many", { actual: audiences.join(" and "), wanted, mend });
  }
  if (platform.audienceIsFixed) {
    return clientProblem("audience_fixed", { platform: platform.title, actual, wanted });
  }
  const isSlash = actual.replace(/\/$/, "") === wanted.replace(/\/$/, "");
  return clientProblem(isSlash ? "audience_trailing_slash" : "audience_wrong", { actual, wanted, mend });
}
