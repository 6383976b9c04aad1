/** All that could move the cursor, hide what follows or turn its direction. */
const OBEYED = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A value from outside, fit for a terminal: control and format characters, which it would obey, stand as their code
 * points.
 */
export function plain(value: string): string {
  return value.replaceAll(OBEYED, codePoint);
}

/** The same in quotes, within which quotes and backslashes are escaped. */
export function quoted(value: string): string {
  return `"${plain(value.replaceAll(/["\\]/g, (character) => `\\${character}`))}"`;
}

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** JSON in which what a terminal would obey is escaped as JSON has it, so that it reads back as what it was. */
export function plainJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replaceAll(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, jsonEscape);
}

/** Each UTF-16 code unit by itself: RFC 8259 §7. */
function jsonEscape(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
