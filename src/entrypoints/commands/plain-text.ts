/**
 * A value from outside, in quotes, fit for a terminal: control and format characters, which could move the cursor,
 * hide what follows or turn its direction, stand as their code points.
 */
export function quoted(value: string): string {
  return `"${value.replaceAll(/["\\\p{C}\p{Zl}\p{Zp}]/gu, escaped)}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
