import * as z from "zod";
import { type FileProblem, formatProblem } from "../../config/problem.ts";
import type { Result } from "../../domain/result.ts";
import { plain } from "./plain-text.ts";

/** Why a request was not carried out. */
export interface ApiRefusal {
  readonly sentence: string;
  /** Of the closed list; absent: it was not Berth that refused. */
  readonly reason?: string;
  readonly requestId?: string;
  /** What the linter found, of refused rules. */
  readonly findings?: readonly ShownFinding[];
  /** What is wrong with a declaration's files. */
  readonly problems?: readonly FileProblem[];
  /** What stands against a declaration. */
  readonly objects?: readonly RefusedObject[];
}

/** Of an answer that was given, in another form than this release knows. */
export const NOT_UNDERSTOOD: ApiRefusal = {
  sentence: "the server's answer is not understood; its release may be another than this one",
};

/** What of a finding is shown; its form is that of `domain/rules/rule-finding.ts`. */
export const findingSchema = z.object({
  level: z.string(),
  code: z.string(),
  at: z.array(z.union([z.string(), z.int()])),
  sentence: z.string(),
  mend: z.string(),
});
export type ShownFinding = z.output<typeof findingSchema>;

export const problemSchema = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  path: z.string(),
  message: z.string(),
});

export const refusedObjectSchema = z.object({ kind: z.string(), name: z.string(), sentence: z.string() });
type RefusedObject = z.output<typeof refusedObjectSchema>;

/** Whatever a later release adds is left out, and what it no longer has is done without. */
const errorSchema = z.object({
  error_message: z.string(),
  reason: z.string().optional(),
  request_id: z.string().optional(),
  findings: z.array(findingSchema).optional().catch(undefined),
  problems: z.array(problemSchema).optional().catch(undefined),
  objects: z.array(refusedObjectSchema).optional().catch(undefined),
});

/** The refusal that an answer of that status is. */
export function readRefusal(status: number, answered: Result<unknown, undefined>): ApiRefusal {
  const read = errorSchema.safeParse(answered.ok ? answered.value : undefined);
  if (!read.success) return { sentence: `what answered (status ${status}) does not speak Berth's API` };
  const { error_message: sentence, reason, request_id: requestId, findings, problems, objects } = read.data;
  return {
    sentence,
    ...(reason === undefined ? {} : { reason }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(findings === undefined ? {} : { findings }),
    ...(problems === undefined ? {} : { problems }),
    ...(objects === undefined ? {} : { objects }),
  };
}

/** Says why on standard error, and is the exit code. */
export function tellRefusal(refusal: ApiRefusal): number {
  const { sentence, reason, requestId, findings = [], problems = [], objects = [] } = refusal;
  const marks = [reason, requestId && `request ${requestId}`].filter((mark) => mark !== undefined);
  const behind = marks.length === 0 ? "" : ` (${plain(marks.join(", "))})`;
  console.error(`berth: ${plain(sentence.replace(/\.$/, ""))}${behind}`);
  for (const finding of findings) console.error(`  ${findingText(finding)}`);
  for (const problem of problems) console.error(problemText(problem));
  for (const object of objects) console.error(`  ${refusedText(object)}`);
  return 1;
}

/** A problem in one line, which editors and CI platforms can jump to. */
export function problemText(problem: FileProblem): string {
  return plain(formatProblem(problem.file, problem));
}

/** What stands against a declaration, in one line. */
export function refusedText({ kind, name, sentence }: RefusedObject): string {
  return plain(`${kind} ${name} ${sentence}`);
}

/** A finding in one line. */
export function findingText({ level, code, at, sentence, mend }: ShownFinding): string {
  return plain(`${level}: ${at.join(".") || "rule"} ${sentence}; ${mend} [${code}]`);
}
