import { unobeyed } from "../../client/plain-text.ts";

/** A value from outside, fit for a terminal and for a CI job's log: what they would obey stands as its code points. */
export function plain(value: string): string {
  return unobeyed(value);
}

/** The same in quotes, within which quotes and backslashes are escaped. */
export function quoted(value: string): string {
  return `"${plain(value.replaceAll(/["\\]/g, (character) => `\\${character}`))}"`;
}
