import type { Ending, Exchange, Listing, Login, Observation } from "./history.ts";

/** What Berth promises its clients, whatever fails. */
export const PROMISES = {
  "one alive": "of one identity token at most one credential is alive at any time",
  "replaced is dead": "a credential is dead when a retry has handed out its successor",
  "one use": "an identity token is granted once, and again only to who shows its retry key",
  revocation: "a credential whose revocation was acknowledged gets no registry token any more",
  regeneration: "what a robot account had is dead when its new robot token was handed out",
  "fail closed": "who cannot be served is told 503 and when to come back",
} as const;

export interface Violation {
  readonly promise: keyof typeof PROMISES;
  /** Numbers and times of the run, no secrets. */
  readonly says: string;
}

/** Judges by what clients saw alone. It knows nothing of stores, and of faults neither. */
export function check(history: readonly Observation[]): readonly Violation[] {
  const lastAlive = lastAliveOf(history);
  return [
    ...[...grantsByToken(history).values()].flatMap((grants) => [
      ...findPairs(grants, lastAlive),
      ...findSecondUses(grants),
    ]),
    ...history.flatMap((seen) => (seen.kind === "listing" ? findTwoListed(seen) : [])),
    ...findRevived(history),
    ...history.flatMap((seen) => (seen.answer === "odd" ? [odd(seen)] : [])),
  ];
}

interface Grant extends Exchange {
  readonly secret: number;
}

function grantsByToken(history: readonly Observation[]): ReadonlyMap<number, readonly Grant[]> {
  const granted = history.filter(
    (seen): seen is Grant => seen.kind === "exchange" && seen.answer === "done" && seen.secret !== undefined,
  );
  return Map.groupBy(granted, ({ identityToken }) => identityToken);
}

/**
 * The latest moment at which each secret is known to have been alive: the begin of its last login that worked, since
 * it was handed out before that, and what is dead stays dead.
 */
function lastAliveOf(history: readonly Observation[]): ReadonlyMap<number, Login> {
  const last = new Map<number, Login>();
  for (const seen of history) {
    if (seen.kind !== "login" || seen.answer !== "done") continue;
    const before = last.get(seen.secret);
    if (before === undefined || before.startedAt < seen.startedAt) last.set(seen.secret, seen);
  }
  return last;
}

function findPairs(grants: readonly Grant[], lastAlive: ReadonlyMap<number, Login>): readonly Violation[] {
  return grants.flatMap((one, at) =>
    grants.slice(at + 1).flatMap((other) => {
      if (one.secret === other.secret) return [];
      const both = `${nameOf(one)} and ${nameOf(other)} of ${tokenOf(one)}`;
      if (wereBothAlive(one, other, lastAlive)) return [violation("one alive", `${both} were alive at once`)];
      if (!outlivedItsSuccessor(one, other, lastAlive) && !outlivedItsSuccessor(other, one, lastAlive))
        return [];
      return [violation("replaced is dead", `${both}: the first worked after the second was handed out`)];
    }),
  );
}

function wereBothAlive(one: Grant, other: Grant, lastAlive: ReadonlyMap<number, Login>): boolean {
  const oneLast = lastAlive.get(one.secret)?.startedAt ?? Number.NEGATIVE_INFINITY;
  const otherLast = lastAlive.get(other.secret)?.startedAt ?? Number.NEGATIVE_INFINITY;
  return Math.max(one.endedAt, other.endedAt) <= Math.min(oneLast, otherLast);
}

/** The successor was asked for after the first had been handed out; whether it has ever been used is all the same. */
function outlivedItsSuccessor(
  first: Grant,
  successor: Grant,
  lastAlive: ReadonlyMap<number, Login>,
): boolean {
  const firstLast = lastAlive.get(first.secret)?.startedAt ?? Number.NEGATIVE_INFINITY;
  return first.endedAt <= successor.startedAt && firstLast >= successor.endedAt;
}

function findSecondUses(grants: readonly Grant[]): readonly Violation[] {
  const secrets = new Set(grants.map(({ secret }) => secret));
  const isRetry = grants.every(({ withRetryKey }) => withRetryKey);
  const [first, ...others] = grants;
  if (first === undefined || secrets.size < 2 || isRetry) return [];
  return others.map((other) =>
    violation("one use", `${tokenOf(first)} was granted at ${at(first.endedAt)} and at ${at(other.endedAt)}`),
  );
}

function findTwoListed({ aliveOf, endedAt }: Listing): readonly Violation[] {
  return [...aliveOf].flatMap(([identityToken, count]) =>
    count < 2
      ? []
      : [
          violation(
            "one alive",
            `identity token ${identityToken} has ${count} listed as alive at ${at(endedAt)}`,
          ),
        ],
  );
}

function findRevived(history: readonly Observation[]): readonly Violation[] {
  const ends = new Map<number, Ending>();
  for (const seen of history) {
    if ((seen.kind !== "revocation" && seen.kind !== "regeneration") || seen.answer !== "done") continue;
    for (const secret of seen.secrets) {
      const before = ends.get(secret);
      if (before === undefined || seen.endedAt < before.endedAt) ends.set(secret, seen);
    }
  }
  return history.flatMap((seen) => {
    if (seen.kind !== "login" || seen.answer !== "done") return [];
    const end = ends.get(seen.secret);
    if (end === undefined || seen.startedAt <= end.endedAt) return [];
    const says = `secret ${seen.secret}, ended at ${at(end.endedAt)} through Berth ${end.berth}, worked at ${at(seen.startedAt)} at Berth ${seen.berth}`;
    return [violation(end.kind === "revocation" ? "revocation" : "regeneration", says)];
  });
}

function odd({ kind, berth, endedAt, reason }: Observation): Violation {
  return violation("fail closed", `a ${kind} at Berth ${berth} at ${at(endedAt)} was answered ${reason}`);
}

function violation(promise: Violation["promise"], says: string): Violation {
  return { promise, says };
}

function nameOf({ secret, endedAt, berth }: Grant): string {
  return `credential ${secret} (at ${at(endedAt)} from Berth ${berth})`;
}

function tokenOf({ identityToken }: Exchange): string {
  return `identity token ${identityToken}`;
}

function at(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
