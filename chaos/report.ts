import { PROMISES, type Violation } from "./checker.ts";
import { FAULTS, type FaultName } from "./faults.ts";
import type { Answer, Observation } from "./history.ts";
import { type FaultSpan, recoveryOf } from "./recovery.ts";

const ANSWERS: readonly Answer[] = ["done", "refused", "unavailable", "lost", "odd"];
const HEADINGS = ["granted", "refused", "503", "no answer", "odd"];
const MOST_SHOWN = 20;

/** What a run saw, as the lines that it prints. */
export function reportOn(
  history: readonly Observation[],
  spans: readonly FaultSpan[],
  violations: readonly Violation[],
): string {
  return [...requests(history), "", ...faults(history, spans), "", ...promises(history, violations), ""].join(
    "\n",
  );
}

function requests(history: readonly Observation[]): readonly string[] {
  const kinds = Map.groupBy(history, ({ kind }) => kind);
  return [
    `requests        ${HEADINGS.map((heading) => heading.padStart(10)).join("")}   slowest`,
    ...[...kinds].map(([kind, seen]) => {
      const counts = ANSWERS.map((answer) => seen.filter((one) => one.answer === answer).length);
      const slowest = Math.max(...seen.map(({ startedAt, endedAt }) => endedAt - startedAt));
      return `  ${kind.padEnd(14)}${counts.map((count) => String(count).padStart(10)).join("")}${seconds(slowest)}`;
    }),
    `exchanges that were refused: ${countReasons(history, "refused")}`,
    `exchanges that were told 503: ${countReasons(history, "unavailable")}`,
  ];
}

function countReasons(history: readonly Observation[], answered: Answer): string {
  const refused = history.filter(({ kind, answer }) => kind === "exchange" && answer === answered);
  const reasons = Map.groupBy(refused, ({ reason }) => reason);
  return [...reasons].map(([reason, seen]) => `${seen.length} ${reason}`).join(", ") || "none";
}

function faults(history: readonly Observation[], spans: readonly FaultSpan[]): readonly string[] {
  return [
    "faults             lasted  unserved   to first grant   to no more 503   counted from",
    ...spans.map((span) => {
      const { unserved, healedItself, firstGrantMs, lastUnservedMs } = recoveryOf(history, span);
      return [
        `  ${span.fault.padEnd(15)}`,
        seconds(span.endedAt - span.beganAt),
        String(unserved).padStart(10),
        (firstGrantMs === undefined ? "never" : seconds(firstGrantMs)).padStart(17),
        seconds(lastUnservedMs).padStart(17),
        healedItself ? "   its begin" : "   its end",
      ].join("");
    }),
  ];
}

function promises(history: readonly Observation[], violations: readonly Violation[]): readonly string[] {
  const tokens = new Set(history.flatMap((seen) => (seen.kind === "exchange" ? [seen.identityToken] : [])))
    .size;
  const acknowledged = (kind: Observation["kind"]) =>
    history.filter((seen) => seen.kind === kind && seen.answer === "done").length;
  return [
    `${tokens} identity tokens, ${acknowledged("revocation")} acknowledged revocations, ${acknowledged("regeneration")} acknowledged regenerations, ${history.length} requests in all`,
    ...Object.entries(PROMISES).map(([promise, says]) => {
      const broken = violations.filter((one) => one.promise === promise).length;
      return `  ${broken === 0 ? "kept" : `BROKEN ${broken} times`}: ${says}`;
    }),
    ...violations.slice(0, MOST_SHOWN).map(({ promise, says }) => `  ${promise}: ${says}`),
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`.padStart(10);
}

/** What each fault is, for who asks for help. */
export function describeFaults(): string {
  return (Object.keys(FAULTS) as FaultName[])
    .map((name) => `  ${name.padEnd(15)} ${FAULTS[name].says} (${FAULTS[name].on.join(", ")})`)
    .join("\n");
}
