import * as z from "zod";

const placeSchema = z.object({ line: z.number(), column: z.number() });
const mutantSchema = z.object({
  status: z.string(),
  mutatorName: z.string(),
  replacement: z.string().optional(),
  location: z.object({ start: placeSchema, end: placeSchema }),
});
const reportSchema = z.object({
  files: z.record(z.string(), z.object({ source: z.string(), mutants: z.array(mutantSchema) })),
});

export interface MutationScore {
  /** Mutants that a test noticed, hung ones included. */
  readonly killed: number;
  /** Those that no test noticed, each as a line: place, mutator, code, replacement. */
  readonly survivors: readonly string[];
}

/** What a report of Stryker's (schema of mutation-testing-elements) says. Throws when it is none. */
export function readScore(report: string): MutationScore {
  const all = Object.entries(reportSchema.parse(JSON.parse(report)).files).flatMap(
    ([file, { source, mutants }]) =>
      mutants.map((mutant) => ({ ...mutant, file, lines: source.split("\n") })),
  );
  return {
    killed: all.filter(({ status }) => status === "Killed" || status === "Timeout").length,
    survivors: all.filter(({ status }) => status === "Survived" || status === "NoCoverage").map(describe),
  };
}

interface PlacedMutant extends z.infer<typeof mutantSchema> {
  readonly file: string;
  readonly lines: readonly string[];
}

function describe({ file, lines, location, mutatorName, replacement = "", status }: PlacedMutant): string {
  const { start, end } = location;
  const to = end.line === start.line ? end.column - 1 : undefined;
  const code = lines[start.line - 1]?.slice(start.column - 1, to);
  const unseen = status === "NoCoverage" ? " (no test runs it)" : "";
  return `${file}:${start.line}: ${mutatorName}: ${code} → ${oneLine(replacement)}${unseen}`;
}

export function share({ killed, survivors }: MutationScore): number {
  return killed / Math.max(1, killed + survivors.length);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 100);
}
