import { setTimeout } from "node:timers/promises";
import { until } from "../test/support/until.ts";
import { lookEverywhere } from "./clients/look.ts";
import { FAULTS, type FaultName } from "./faults.ts";
import type { Exchange, Observation } from "./history.ts";
import { Load } from "./load.ts";
import { type FaultSpan, isCalm } from "./recovery.ts";
import type { Scene } from "./scene.ts";

/** How long a fault lasts: the others have promoted a replica by then. */
const HOLD_MS = 4000;
const CALM_MS = 1500;
/** Longer than any fleet here takes to be whole, and any Berth to find it so. */
const RECOVERY_MS = 60_000;

/** Credentials that are looked at together at the end. */
const AT_ONCE = 16;

export interface RunResult {
  readonly spans: readonly FaultSpan[];
  /** What did not come back in time: the run ends there. */
  readonly stuck: string | undefined;
}

/** Lets clients work, faults happen in turn, and looks at the end at everything once more. */
export async function run(
  scene: Scene,
  faults: readonly FaultName[],
  deadlineMs: number,
): Promise<RunResult> {
  const { witness } = scene;
  const load = new Load(scene);
  const spans: FaultSpan[] = [];
  let stuck: string | undefined;
  try {
    await recovered(scene);
    for (const fault of faults) {
      if (witness.now() > deadlineMs) break;
      const beganAt = witness.now();
      console.log(`  at ${(beganAt / 1000).toFixed(0)} s: ${FAULTS[fault].says}`);
      const end = await FAULTS[fault].begin(scene);
      await setTimeout(HOLD_MS);
      await end();
      const endedAt = witness.now();
      spans.push({ fault, beganAt, endedAt, calmAt: Number.POSITIVE_INFINITY });
      await load.tryAgain();
      await recovered(scene);
      spans.splice(-1, 1, { fault, beganAt, endedAt, calmAt: witness.now() });
      await load.tryAgain();
    }
  } catch (fault) {
    stuck = `${spans.at(-1)?.fault ?? "the start"}: ${fault instanceof Error ? fault.message : String(fault)}`;
  }
  await load.stop();
  if (stuck === undefined) await lookAtAll(scene);
  return { spans, stuck };
}

async function recovered({ fleet, berths, witness }: Scene): Promise<void> {
  await fleet.settled(RECOVERY_MS);
  await until(
    "every Berth grants, and nobody is told 503",
    () => isCalm(witness.history, { now: witness.now(), calmMs: CALM_MS, berths: berths.count }),
    RECOVERY_MS,
  );
}

/** Once more at every Berth, whatever has to be dead or may be one too many; and the operator's list. */
async function lookAtAll({ berths, witness }: Scene): Promise<void> {
  const all = [...new Set([...secretsOfSharedTokens(witness.history), ...endedSecrets(witness.history)])];
  for (let from = 0; from < all.length; from += AT_ONCE)
    await lookEverywhere(
      witness,
      berths,
      all.slice(from, from + AT_ONCE).map((secret) => ({ secret })),
    );
  await witness.list(0);
}

/** Of identity tokens that have brought more than one. */
function secretsOfSharedTokens(history: readonly Observation[]): readonly number[] {
  const granted = history.filter((seen) => seen.kind === "exchange" && seen.secret !== undefined);
  const byToken = Map.groupBy(granted as readonly Exchange[], ({ identityToken }) => identityToken);
  return [...byToken.values()]
    .filter((grants) => grants.length > 1)
    .flatMap((grants) => grants.flatMap(({ secret }) => secret ?? []));
}

function endedSecrets(history: readonly Observation[]): readonly number[] {
  return history.flatMap((seen) => ("secrets" in seen ? seen.secrets : []));
}
