import * as z from "zod";
import type { RuleWarning } from "../../config/problem.ts";
import type { PlannedObject } from "../../domain/accounts/declaration.ts";
import { shownView } from "./shown-view.ts";

const KINDS = ["issuer", "registry", "namespace", "robot"] as const;

export const fileProblemSchema = z
  .object({
    file: z.string(),
    line: z.int().meta({ description: "From 1." }),
    column: z.int().meta({ description: "From 1." }),
    path: z.string().meta({ description: "The way within the file; empty: the file as a whole." }),
    message: z.string(),
  })
  .meta({ id: "FileProblem" });

export const refusedObjectSchema = z
  .object({
    kind: z.enum(KINDS),
    name: z.string(),
    reason: z.string().meta({ description: "Stable: for programs." }),
    sentence: z.string().meta({ description: "Why, without a subject." }),
  })
  .meta({ id: "RefusedObject" });

const view = z.record(z.string(), z.unknown());

const plannedObjectSchema = z
  .object({
    kind: z.enum(KINDS),
    name: z.string(),
    outcome: z.enum(["created", "changed", "removed", "unchanged", "conflict"]),
    before: view.optional().meta({
      description: "Of what is changed the fields that differ, and of a list the entries; of what goes, all.",
    }),
    after: view.optional().meta({ description: "The same fields afterwards; of what is made, all." }),
    managed_by: z.string().optional().meta({ description: "Of a conflict: who has it." }),
    findings: z.array(fileProblemSchema).meta({ description: "What the linter says of its rules." }),
  })
  .meta({ id: "PlannedObject" });

const count = z.int().min(0);

/** What is the same of a plan and of what was done. */
export const appliedSchema = z
  .object({
    managed_by: z.string().meta({ description: "Whose the objects are." }),
    summary: z.object({
      created: count,
      changed: count,
      removed: count,
      unchanged: count,
      conflict: count,
    }),
    objects: z.array(plannedObjectSchema).meta({ description: "In the order in which they are written." }),
  })
  .meta({ id: "AppliedDeclaration" });

export const planSchema = appliedSchema
  .extend({
    digest: z.string().meta({ description: "The plan's ETag, for the If-Match of its application." }),
    refused: z.array(refusedObjectSchema).meta({
      description: "What stands against it: with any, nothing at all would be applied.",
    }),
  })
  .meta({ id: "DeclarationPlan" });

const FILE_PROBLEM_EXAMPLE = {
  file: "rules/acme.yaml",
  line: 9,
  column: 22,
  path: "namespaces[0].robots[0].rules[0].subject",
  message: "is a name that can be given up and taken by somebody else; add repository_id [recyclable-name]",
};
export const APPLIED_EXAMPLE = {
  managed_by: "apply:default",
  summary: { created: 0, changed: 1, removed: 0, unchanged: 1, conflict: 0 },
  objects: [
    { kind: "namespace", name: "acme", outcome: "unchanged", findings: [] },
    {
      kind: "robot",
      name: "acme+packer",
      outcome: "changed",
      before: { description: "" },
      after: { description: "builds packages" },
      findings: [FILE_PROBLEM_EXAMPLE],
    },
  ],
};

/** @param managedBy Whose they are. */
export function appliedOnTheWire(
  managedBy: string,
  objects: readonly PlannedObject[],
  warnings: readonly RuleWarning[],
) {
  const ofRobot = Map.groupBy(warnings, ({ robot }) => robot as string);
  const summary = { created: 0, changed: 0, removed: 0, unchanged: 0, conflict: 0 };
  for (const { outcome } of objects) summary[outcome] += 1;
  return {
    managed_by: managedBy,
    summary,
    objects: objects.map(({ kind, name, outcome, before, after, managedBy: owner }) => ({
      kind,
      name,
      outcome,
      before: before && shownView(ownerWhereTaken(before, outcome)),
      after: after && shownView(ownerWhereTaken(after, outcome)),
      managed_by: owner,
      findings: kind === "robot" ? (ofRobot.get(name) ?? []).map(problemOnTheWire) : [],
    })),
  };
}

/** Whose it is goes without saying, but where it becomes another's. */
function ownerWhereTaken(
  { managedBy, ...view }: NonNullable<PlannedObject["before"]>,
  outcome: PlannedObject["outcome"],
): NonNullable<PlannedObject["before"]> {
  return outcome === "changed" && managedBy !== undefined ? { managedBy, ...view } : view;
}

function problemOnTheWire({ file, line, column, path, message }: RuleWarning) {
  return { file, line, column, path, message };
}
