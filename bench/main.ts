/**
 * Exchange and registry token on both stores, as ratios to floors measured in the same run. The machine's noise
 * is in both, so read the ratios. `npm run bench [-- --requests 2000 --connections 16 --rounds 3 --profile]`.
 * With --profile Berth runs under V8's sampler, and where its time went is printed instead of figures to compare.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { load, type Measurement } from "./load.ts";
import { printProfile } from "./profile.ts";
import { printReport, type Row } from "./report.ts";
import { ROUTES, startTargets, type Target } from "./targets.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "2000" },
    connections: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    profile: { type: "boolean", default: false },
  },
});
const count = Number(values.requests);
const connections = Number(values.connections);
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), "berth-bench-"));
const { targets, profiles, close } = await startTargets(folder, values.profile);
try {
  const rows: Row[] = [];
  for (const route of ROUTES) {
    const group = targets.filter((target) => target.route === route);
    for (const target of group)
      await load(target.origin, await target.requests(Math.ceil(count / 4)), connections);
    // Rounds interleave the targets, so that a slow minute of the machine falls on all of them.
    const measured = new Map<Target, Measurement[]>(group.map((target) => [target, []]));
    const cpu = new Map<Target, number>();
    for (let round = 0; round < rounds; round += 1) {
      for (const target of group) {
        const requests = await target.requests(count);
        const before = target.cpuMs() ?? 0;
        measured.get(target)?.push(await load(target.origin, requests, connections));
        cpu.set(target, (cpu.get(target) ?? 0) + (target.cpuMs() ?? 0) - before);
      }
    }
    for (const target of group) {
      rows.push({ target, measurements: measured.get(target) ?? [], cpuMs: cpu.get(target) ?? 0 });
    }
  }
  printReport(rows, { count, connections, rounds });
} finally {
  await close();
  if (values.profile) for (const profile of profiles) printProfile(profile.name, profile.folder);
  rmSync(folder, { recursive: true, force: true });
}
