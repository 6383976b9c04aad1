import type * as z from "zod";

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of fields",
  record: "a mapping of fields",
};

/** What a schema's own words say for everyone who writes the file; a check with a sentence of its own keeps that. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return "is required";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code !== "invalid_type") return undefined;
  return `must be ${EXPECTED[issue.expected] ?? issue.expected}${mend(issue.expected, issue.input)}`;
};

function mend(expected: string, input: unknown): string {
  if (expected === "string" && (typeof input === "number" || typeof input === "boolean")) {
    return "; put it in quotes";
  }
  return expected === "array" && input === null ? "; write [] for none" : "";
}
