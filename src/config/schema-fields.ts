import * as z from "zod";

/** A whole number, with one sentence for all that is not one of those allowed. */
export function whole(least: number, most: number) {
  const error =
    most === Number.MAX_SAFE_INTEGER
      ? `must be a whole number of at least ${least}`
      : `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** Text that is compared with a claim: a star would look like a pattern and match nothing. */
export function exactText(most: number) {
  return z
    .string()
    .min(1, "must not be empty")
    .max(most, `must be at most ${most} characters`)
    .refine(
      (text) => !text.includes("*"),
      "is compared exactly, so * stands for nothing; write the whole value",
    );
}

/** A description: for people, not for decisions. */
export function remark() {
  return z
    .string()
    .max(1000, "must be at most 1000 characters")
    .default("")
    .meta({ description: "For people. Changing it ends nothing." });
}
