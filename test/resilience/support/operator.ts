import { addApiToken } from "../../support/api-tokens.ts";
import { type ManagementAnswer, manage } from "../../support/management-calls.ts";
import type { BerthWorld } from "./berth-world.ts";
import type { RunningBerth } from "./running-berth.ts";

/** Asks `berth` as an operator; throws at any answer that is not a success. */
export type Operate = (method: string, path: string, body?: unknown) => Promise<ManagementAnswer>;

export async function operatorOf(world: BerthWorld, berth: RunningBerth): Promise<Operate> {
  const now = Math.floor(Date.now() / 1000);
  const { secret } = await world.withStore(({ apiTokens }) => addApiToken(apiTokens, now));
  return async (method, path, body) => {
    const answer = await manage(berth, method, path, { token: secret.expose(), body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
}
