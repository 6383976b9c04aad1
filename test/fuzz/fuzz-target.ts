import fc from "fast-check";

export interface FuzzLimits {
  readonly seed: number;
  readonly milliseconds: number;
}

export interface FuzzOutcome {
  readonly runs: number;
  /** The counter-example and how to see it again; undefined when nothing was found. */
  readonly failure: string | undefined;
}

/** Something that takes what strangers send. Rejects when it could not begin. */
export type FuzzTarget = (limits: FuzzLimits) => Promise<FuzzOutcome>;

/** One input may take this long: what takes longer is a hang, or the way to one. */
const MAX_INPUT_MS = 2000;

/** As many runs of a property as the time allows. */
export async function fuzz<T>(
  input: fc.Arbitrary<T>,
  check: (value: T) => unknown,
  { seed, milliseconds }: FuzzLimits,
): Promise<FuzzOutcome> {
  const property = fc.asyncProperty(input, async (value) => {
    const begun = performance.now();
    await check(value);
    const took = performance.now() - begun;
    if (took > MAX_INPUT_MS) throw new Error(`took ${Math.round(took)} ms`);
  });
  const details = await fc.check(property, {
    seed,
    numRuns: 1_000_000_000,
    interruptAfterTimeLimit: milliseconds,
    endOnFailure: false,
  });
  return { runs: details.numRuns, failure: details.failed ? fc.defaultReportMessage(details) : undefined };
}
