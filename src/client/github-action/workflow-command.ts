import type { ClientProblem } from "../client-problem.ts";

/** An entry of the page that says what each problem is, and what to do. */
const PAGE = "docs/troubleshooting.md";

/**
 * A line that the runner shows as a note of its kind. What is told may come from anywhere: escaped, no line of it is
 * taken for another command.
 */
export function annotation(kind: "error" | "warning" | "notice", title: string, text: string): string {
  return `::${kind} title=${escaped(title).replaceAll(":", "%3A").replaceAll(",", "%2C")}::${escaped(text)}`;
}

/** A problem as such a line, which names its entry in the documents. */
export function problemAnnotation(kind: "error" | "warning", { code, message, mend }: ClientProblem): string {
  return annotation(kind, `Berth: ${code}`, `${message}\n${mend}\nMore: ${PAGE}#${code}`);
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
