import * as z from "zod";
import { type Parsed, parseWholeNumber } from "./setting-values.ts";

/** A setting as its text, parsed. */
export function text<T>(parse: (value: string) => Parsed<T>) {
  return z.string().transform((value, context): T => {
    const parsed = parse(value);
    if (parsed.ok) return parsed.value;
    context.addIssue(parsed.error);
    return z.NEVER;
  });
}

/** A setting that is a whole number, both ends included. */
export function wholeNumber(least: number, most: number) {
  return text((value) => parseWholeNumber(value, least, most));
}
