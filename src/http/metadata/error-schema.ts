import * as z from "zod";
import type { ManagementReason } from "../../domain/rejection.ts";
import { fileProblemSchema, refusedObjectSchema } from "../management/declaration-shape.ts";
import { findingSchema } from "../management/finding-shape.ts";
import { ERROR_TYPES, MANAGEMENT_ERRORS } from "../management/management-error.ts";

/** The body of every refusal of the management API. */
export const managementErrorSchema = z
  .object({
    detail: z.string().meta({ description: "The sentence, as `error_message`." }),
    error_message: z.string(),
    error_type: z.string().meta({ description: Object.keys(ERROR_TYPES).join(", ") }),
    title: z.string(),
    type: z.string().meta({ description: "Where `error_type` is described." }),
    status: z.int(),
    reason: z.string().meta({ description: "Stable: for programs." }),
    request_id: z.string().meta({ description: "The request's name in Berth's log." }),
    findings: z
      .array(findingSchema)
      .optional()
      .meta({ description: "Of refused rules: what the linter found." }),
    problems: z
      .array(fileProblemSchema)
      .optional()
      .meta({ description: "Of a declaration: what is wrong with its files." }),
    objects: z
      .array(refusedObjectSchema)
      .optional()
      .meta({ description: "Of a declaration: what stands against it. Nothing of it was written." }),
  })
  .meta({ id: "ManagementError" });

/** What a refusal for `reason` looks like. */
export function errorExample(publicUrl: string, reason: ManagementReason, status: number) {
  const { type, sentence } = MANAGEMENT_ERRORS[reason];
  return {
    detail: `${sentence}.`,
    error_message: `${sentence}.`,
    error_type: type,
    title: type,
    type: `${publicUrl}/docs#${type}`,
    status,
    reason,
    request_id: "3q2-7wQ0m1ZkX9aB",
  };
}
