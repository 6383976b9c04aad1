import * as z from "zod";
import { API_OWNER } from "../../domain/accounts/declaration.ts";
import { problemSchema, problemText, refusedObjectSchema, refusedText } from "./api-refusal.ts";
import { plain, quoted } from "./plain-text.ts";

const fields = z.record(z.string(), z.unknown());

/** What of a planned object is shown; its form is that of `http/management/declaration-shape.ts`. */
const object = z.object({
  kind: z.string(),
  name: z.string(),
  outcome: z.enum(["created", "changed", "removed", "unchanged", "conflict"]),
  before: fields.optional(),
  after: fields.optional(),
  managed_by: z.string().optional(),
  findings: z.array(problemSchema),
});
type PlannedObject = z.output<typeof object>;

export const appliedAnswer = z.object({ objects: z.array(object) });
export const planAnswer = appliedAnswer.extend({
  digest: z.string(),
  refused: z.array(refusedObjectSchema),
});
export type Plan = z.output<typeof planAnswer>;

/** Gives a text a colour, where there is somebody who sees it. */
export type Paint = (colour: "green" | "yellow" | "red", text: string) => string;

const MARKS = { created: ["+", "green"], changed: ["~", "yellow"], removed: ["-", "red"] } as const;
/** Of a field that nobody wrote. */
const EMPTY = ["false", '""', "[]", "{}"];
const LONGEST = 200;
const NOTHING = "nothing to do: all is as declared";

/** How many objects are not as they are declared. */
export function changesOf({ objects }: Pick<Plan, "objects">): number {
  return objects.filter(({ outcome }) => outcome !== "unchanged").length;
}

/**
 * A plan for people: what would become of each object, and what stands against it.
 *
 * @param adopts Whether it was asked for with `--adopt`.
 */
export function planText(plan: Plan, paint: Paint, adopts = false): string {
  const refused = plan.refused.map((one) => paint("red", `! ${refusedText(one)}`));
  const lines = [...objectLines(plan.objects, paint), ...refused];
  return [...lines, ...verdictLines(plan, adopts)].join("\n");
}

function isAdoptable({ outcome, managed_by }: PlannedObject): boolean {
  return outcome === "conflict" && managed_by === API_OWNER;
}

function verdictLines(plan: Plan, adopts: boolean): readonly string[] {
  if (plan.refused.length > 0) {
    const helps = !adopts && plan.objects.some(isAdoptable);
    const hint = helps ? " --adopt takes over what is declared and the API made." : "";
    return ["", `Nothing of this can be applied before that is settled.${hint}`];
  }
  if (changesOf(plan) === 0) return [NOTHING];
  const counts = countsText(plan.objects, ["to create", "to change", "to remove"]);
  return ["", `${counts}. Plan ${plain(plan.digest)}`];
}

/** What was done, for people. */
export function appliedText({ objects }: Pick<Plan, "objects">, paint: Paint): string {
  const lines = objectLines(objects, paint);
  if (changesOf({ objects }) === 0) return [...lines, NOTHING].join("\n");
  return [...lines, "", `${countsText(objects, ["created", "changed", "removed"])}.`].join("\n");
}

function countsText(
  objects: readonly PlannedObject[],
  [created, changed, removed]: readonly [string, string, string],
): string {
  const count = (outcome: PlannedObject["outcome"]) =>
    objects.filter((one) => one.outcome === outcome).length;
  return [
    `${count("created")} ${created}`,
    `${count("changed")} ${changed}`,
    `${count("removed")} ${removed}`,
    `${count("unchanged")} unchanged`,
  ].join(", ");
}

/** Unchanged ones only where the linter has something to say of them; what another owner has is told as refused. */
function objectLines(objects: readonly PlannedObject[], paint: Paint): readonly string[] {
  return objects.flatMap(({ kind, name, outcome, before = {}, after = {}, findings }) => {
    if (outcome === "conflict") return [];
    const warnings = findings.map((finding) => `    warning: ${problemText(finding)}`);
    const title = plain(`${kind} ${name}`);
    if (outcome === "unchanged") return warnings.length === 0 ? [] : [`  ${title}`, ...warnings];
    const [mark, colour] = MARKS[outcome];
    const shown = outcome === "removed" ? [] : fieldLines(before, after, paint);
    return [paint(colour, `${mark} ${title}`), ...shown, ...warnings];
  });
}

type Fields = z.output<typeof fields>;

function fieldLines(before: Fields, after: Fields, paint: Paint): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, next] = [before[name], after[name]];
    const title = `    ${plain(name)}:`;
    if (Array.isArray(old ?? next)) return listLines(title, entriesOf(old), entriesOf(next), paint);
    if (old !== undefined) return [`${title} ${valueText(old)} → ${valueText(next)}`];
    return saysNothing(name, next) ? [] : [`${title} ${valueText(next)}`];
  });
}

function listLines(
  title: string,
  old: readonly unknown[],
  next: readonly unknown[],
  paint: Paint,
): readonly string[] {
  const lines = [
    ...old.map((entry) => paint("red", `      - ${valueText(entry)}`)),
    ...next.map((entry) => paint("green", `      + ${valueText(entry)}`)),
  ];
  return lines.length === 0 ? [] : [title, ...lines];
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Whether a field has the value that it has where nobody writes it: all but `enabled` are off, or empty. A rule without
 * permissions grants all of the robot's, and one with an empty list nothing.
 */
function saysNothing(name: string, value: unknown): boolean {
  if (name === "enabled") return value === true;
  return name !== "permissions" && EMPTY.includes(valueText(value));
}

/** In one line, as YAML's flow style has it. */
function valueText(value: unknown): string {
  if (typeof value === "string")
    return value.length <= LONGEST ? quoted(value) : `${quoted(value.slice(0, LONGEST))}…`;
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return value === undefined ? "none" : String(value);
  const told = Object.entries(value).filter(([name, inner]) => !saysNothing(name, inner));
  const members = told.map(([name, inner]) => `${plain(name)}: ${valueText(inner)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
