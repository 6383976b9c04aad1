/**
 * Bounded fuzzing: `npm run fuzz [-- --seconds 20 --seed 42 --target tokens]`. No input may throw, hang, be a 5xx or
 * leave a rejection unhandled. Each target runs in a process of its own, since a loop that never ends can be ended
 * only from outside. The seed is printed; the same seed gives the same inputs.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import type { FuzzTarget } from "../test/fuzz/fuzz-target.ts";
import { PARSER_TARGETS } from "../test/fuzz/parser-targets.ts";
import { server } from "../test/fuzz/server-target.ts";

const TARGETS: Readonly<Record<string, FuzzTarget>> = { ...PARSER_TARGETS, server };
/** Beyond its time a target may start, shrink and print this long. */
const GRACE_MS = 60_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    seed: { type: "string", default: "20261124" },
    target: { type: "string" },
    inside: { type: "boolean", default: false },
  },
});
const milliseconds = Number(values.seconds) * 1000;

if (values.inside) await runTarget(values.target ?? "");
else
  for (const name of values.target === undefined ? Object.keys(TARGETS) : [values.target]) runOutside(name);

async function runTarget(name: string): Promise<void> {
  const target = TARGETS[name];
  if (target === undefined) throw new Error(`no such target; there are ${Object.keys(TARGETS).join(", ")}`);
  const { runs, failure } = await target({ seed: Number(values.seed), milliseconds });
  console.log(`${name}: ${runs} inputs, seed ${values.seed}: ${failure ?? "nothing found"}`);
  if (failure !== undefined || runs === 0) process.exitCode = 1;
}

function runOutside(name: string): void {
  const args = ["--inside", "--target", name, "--seconds", values.seconds, "--seed", values.seed];
  const run = spawnSync(process.execPath, [import.meta.filename, ...args], {
    stdio: "inherit",
    timeout: milliseconds + GRACE_MS,
  });
  if (run.status === 0) return;
  console.error(
    `${name}: failed (${run.signal === null ? `exit ${run.status}` : "it hung"}), seed ${values.seed}`,
  );
  process.exitCode = 1;
}
