export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * What JSON leaves as it is and a terminal or a viewer obeys: DEL and C1 (8-bit escape sequences), line separators,
 * and the marks that turn the direction of a text, by which a claim could show as another.
 */
const OBEYED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export type Log = (
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

/**
 * One JSON object a line. JSON's own escapes keep a claim with a line feed from writing a line of its own, and ours
 * what JSON leaves of that kind; time, level and message stand last, so that no field replaces them.
 */
export function jsonLines(least: LogLevel, write: (line: string) => void, now: () => number): Log {
  const threshold = ORDER.indexOf(least);
  return (level, message, fields) => {
    if (ORDER.indexOf(level) < threshold) return;
    const line = JSON.stringify({ ...fields, time: new Date(now()).toISOString(), level, message });
    write(`${line.replace(OBEYED, escaped)}\n`);
  };
}

/** In the form that JSON has for it, so that a reader gets the same text back. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
