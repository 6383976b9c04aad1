export type LogLevel = "debug" | "info" | "warn" | "error";

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export type Log = (
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

/**
 * One JSON object a line. JSON's own escapes keep a claim with a line feed from writing a line of its own; time,
 * level and message stand last, so that no field replaces them.
 */
export function jsonLines(least: LogLevel, write: (line: string) => void, now: () => number): Log {
  const threshold = ORDER.indexOf(least);
  return (level, message, fields) => {
    if (ORDER.indexOf(level) < threshold) return;
    write(`${JSON.stringify({ ...fields, time: new Date(now()).toISOString(), level, message })}\n`);
  };
}
