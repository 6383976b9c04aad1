/**
 * Faults, in turn, under the load of clients of every kind, and what came of it: `npm run chaos [-- --topology
 * single,sentinel,cluster --faults kill-primary,failover --durability wait --seconds 120 --seed 42]`. Everything is a process
 * of its own on loopback. Ends with 1 where a promise was broken or something did not come back.
 *
 * --seconds bounds each topology: no fault begins later. --durability is one of `stores.ts`; with
 * `none` the checker finds what a failover then loses.
 */
import { parseArgs } from "node:util";
import { check } from "./checker.ts";
import { FAULTS, type FaultName } from "./faults.ts";
import { Random } from "./random.ts";
import { describeFaults, reportOn } from "./report.ts";
import { run } from "./run.ts";
import { startScene } from "./scene.ts";
import { DURABILITIES, TOPOLOGIES, type Topology } from "./stores.ts";

const { values } = parseArgs({
  options: {
    topology: { type: "string", default: TOPOLOGIES.join(",") },
    faults: { type: "string", default: Object.keys(FAULTS).join(",") },
    seconds: { type: "string", default: "180" },
    seed: { type: "string", default: "20261125" },
    durability: { type: "string", default: "wait" },
    help: { type: "boolean", default: false },
  },
});

// Ended from outside, it takes the servers along, which `exit` is the last moment for.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

if (values.help) console.log(describeFaults());
else for (const topology of listOf(values.topology, TOPOLOGIES)) await runOn(topology);

async function runOn(topology: Topology): Promise<void> {
  const durability = oneOf(values.durability, DURABILITIES);
  const random = new Random(Number(values.seed));
  const names = listOf(values.faults, Object.keys(FAULTS) as FaultName[]);
  const faults = random.shuffled(names.filter((name) => isOn(name, topology)));
  console.log(
    `=== ${topology}, seed ${values.seed}${topology === "single" ? "" : `, durability ${durability}`}`,
  );
  const scene = await startScene({ topology, durability, random });
  try {
    const { spans, stuck } = await run(scene, faults, Number(values.seconds) * 1000);
    const violations = check(scene.witness.history);
    console.log(reportOn(scene.witness.history, spans, violations));
    if (stuck !== undefined) console.log(`did not come back after ${stuck}`);
    if (violations.length > 0 || stuck !== undefined) {
      process.exitCode = 1;
      for (const complaint of scene.berths.complaints().slice(-20)) console.error(complaint);
    }
  } finally {
    await scene.stop();
  }
}

function isOn(name: FaultName, topology: Topology): boolean {
  return FAULTS[name].on.some((one) => one === topology);
}

function listOf<T extends string>(text: string, known: readonly T[]): readonly T[] {
  return text.split(",").map((name) => oneOf(name, known));
}

function oneOf<T extends string>(name: string, known: readonly T[]): T {
  const found = known.find((one) => one === name);
  if (found === undefined) throw new RangeError(`${name} is none of ${known.join(", ")}`);
  return found;
}
