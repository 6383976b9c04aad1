import type { RobotToken } from "../../domain/accounts/robot.ts";
import { newRobotToken, type Secret } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { rejection } from "../../domain/rejection.ts";
import type { ManagementDeps } from "./change-context.ts";
import type { Refused } from "./change-robot.ts";

/** A robot token with less to live than this would be expired for the registries at once. */
const MIN_TOKEN_SECONDS = 300;
/** Ten years: who wants no end asks for none. */
const MAX_TOKEN_SECONDS = 3660 * 86_400;

/** A robot token, for the one answer that hands it over, and how it is kept. */
export interface MintedRobotToken {
  readonly secret: Secret;
  /** Its number is the robot's next. */
  readonly record: Omit<RobotToken, "number">;
}

/**
 * A new robot token; nothing is written.
 *
 * @param expiresIn Seconds; undefined: it lives until it is regenerated.
 */
export async function mintRobotToken(
  { clock, random }: Pick<ManagementDeps, "clock" | "random">,
  expiresIn: number | undefined,
): Promise<MintedRobotToken> {
  const secret = newRobotToken(random);
  const createdAt = Math.floor(clock.now() / 1000);
  const record = {
    hash: await sha256Hex(secret.expose()),
    createdAt,
    declared: false,
    ...(expiresIn === undefined ? {} : { expiresAt: createdAt + expiresIn }),
  };
  return { secret, record };
}

/** Why a robot token cannot live that long; undefined: it can. */
export function refusalOfLifetime(expiresIn: number | undefined): Refused | undefined {
  if (expiresIn === undefined) return undefined;
  if (Number.isInteger(expiresIn) && expiresIn >= MIN_TOKEN_SECONDS && expiresIn <= MAX_TOKEN_SECONDS) {
    return undefined;
  }
  const bounds = `${MIN_TOKEN_SECONDS} to ${MAX_TOKEN_SECONDS}`;
  return rejection("request_malformed", `a robot token lives for ${bounds} whole seconds`);
}
