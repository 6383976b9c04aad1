import { expect } from "vitest";
import { exchange, registryToken } from "../../support/requests.ts";
import type { BerthWorld } from "./berth-world.ts";
import type { RunningBerth } from "./running-berth.ts";
import type { Traffic } from "./traffic.ts";

/**
 * That every credential that was handed out works, unless its revocation was acknowledged, which holds; and that
 * each identity token that was shown gives one credential and no second.
 */
export async function expectAllKept(
  world: BerthWorld,
  berth: RunningBerth,
  { jobs, failures }: Traffic,
): Promise<void> {
  // Nothing was tried if no request was under way at a fault.
  expect(failures).toBeGreaterThan(0);
  const credentials = (revocation: "acknowledged" | undefined) =>
    jobs.flatMap((job) =>
      job.credential !== undefined && job.revocation === revocation ? [job.credential] : [],
    );
  const live = credentials(undefined);
  const dead = credentials("acknowledged");
  expect(await loginStatuses(berth, live)).toEqual({ 200: live.length });
  expect(await loginStatuses(berth, dead)).toEqual({ 401: dead.length });

  const again = await Promise.all(
    jobs.map(async (job) => ({ job, answer: await exchange(berth, job.identityToken) })),
  );
  const reasons = again
    .filter(({ job }) => job.credential !== undefined)
    .map(({ answer }) => answer.body.reason);
  expect(new Set(reasons)).toEqual(new Set(["token_used"]));
  // Those of which nobody heard had been used or had not: now each token has been, once.
  expect(await world.minted()).toBe(jobs.length);
}

/** How many of `credentials` log in with which answer. */
async function loginStatuses(
  berth: RunningBerth,
  credentials: readonly string[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const answers = credentials.map((credential) => registryToken(berth, { password: credential }));
  for (const { status } of await Promise.all(answers)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
