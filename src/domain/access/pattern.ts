/**
 * `*` stands for any run of characters but `/` and `:`, `**` for any run at all; all else is itself. No regular
 * expression, so no alternation to leave unanchored and no backtracking to be made slow.
 */
type Step = { readonly kind: "literal"; readonly text: string } | { readonly kind: "segment" | "any" };

export function isPattern(text: string): boolean {
  return text.includes("*");
}

/** Whether it is wildcards and nothing else. */
export function isOpen(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}

/** Whether all of `text` matches. Time is at most length × stars, memory two rows of flags. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!isPattern(pattern)) return pattern === text;
  // Most rules of a robot fail here, so that a thousand of them take no longer than none (the refusal's fixed delay).
  if (!text.startsWith(pattern.slice(0, pattern.indexOf("*")))) return false;
  // positions[i]: the steps so far can end before character i.
  let positions: boolean[] = new Array<boolean>(text.length + 1).fill(false);
  positions[0] = true;
  for (const step of steps(pattern)) positions = advance(step, positions, text);
  return positions[text.length] === true;
}

function advance(step: Step, from: readonly boolean[], text: string): boolean[] {
  const to = new Array<boolean>(from.length).fill(false);
  if (step.kind === "literal") {
    from.forEach((reached, at) => {
      if (reached && text.startsWith(step.text, at)) to[at + step.text.length] = true;
    });
    return to;
  }
  let inRun = false;
  for (let at = 0; at < from.length; at += 1) {
    if (at > 0 && step.kind === "segment" && isSeparator(text.charAt(at - 1))) inRun = false;
    inRun = inRun || from[at] === true;
    to[at] = inRun;
  }
  return to;
}

function isSeparator(character: string): boolean {
  return character === "/" || character === ":";
}

function steps(pattern: string): Step[] {
  return pattern
    .split(/(\*+)/)
    .filter((part) => part !== "")
    .map((part) => {
      if (!part.startsWith("*")) return { kind: "literal", text: part };
      return { kind: part.length > 1 ? "any" : "segment" };
    });
}
