/**
 * Exchange and registry token on both stores, as ratios to floors measured in the same run. The machine's noise
 * is in both, so read the ratios. `npm run bench [-- --requests 500 --connections 16 --rounds 12 --profile]`.
 * With --profile Berth runs under V8's sampler, and where its time went is printed instead of figures to compare.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { load } from "./load.ts";
import { printProfile } from "./profile.ts";
import { printReport, type Round, type Run } from "./report.ts";
import { ROUTES, type Target } from "./target.ts";
import { startTargets } from "./targets.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "500" },
    connections: { type: "string", default: "16" },
    rounds: { type: "string", default: "12" },
    profile: { type: "boolean", default: false },
  },
});
const run: Run = {
  count: Number(values.requests),
  connections: Number(values.connections),
  rounds: Number(values.rounds),
};

const folder = mkdtempSync(join(tmpdir(), "berth-bench-"));
const { targets, profiles, close } = await startTargets(folder, values.profile);
try {
  const measured = new Map<Target, Round[]>();
  for (const route of ROUTES) {
    const group = targets.filter((target) => target.route === route);
    // The first is for the compilers alone, and longer: Berth is more code than a floor is.
    for (let round = 0; round <= run.rounds; round += 1) {
      // Rounds interleave the targets, so that a slow minute of the machine falls on all of them.
      for (const target of group) {
        const result = await measure(target, round === 0 ? 4 * run.count : run.count);
        if (round > 0) measured.set(target, [...(measured.get(target) ?? []), result]);
      }
    }
  }
  if (!values.profile) printReport(measured, run);
} finally {
  await close();
  for (const profile of profiles) printProfile(profile.name, profile.folder);
  rmSync(folder, { recursive: true, force: true });
}

async function measure(target: Target, count: number): Promise<Round> {
  const requests = await target.requests(count);
  const before = target.cpuMs() ?? Number.NaN;
  const measurement = await load(target.origin, requests, run.connections);
  return {
    ...measurement,
    cpuMicros: (((target.cpuMs() ?? Number.NaN) - before) * 1000) / count,
  };
}
