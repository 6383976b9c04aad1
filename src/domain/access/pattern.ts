export function isPattern(text: string): boolean {
  return text.includes("*");
}

/** Whether it is wildcards and nothing else. */
export function isOpen(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}

/**
 * Whether all of `text` matches: `*` stands for any run of characters but `/` and `:`, `**` for any run at all; all
 * else is itself. No pattern becomes a regular expression, so there is no alternation to leave unanchored and no
 * backtracking to be made slow: time is at most length × stars, memory two rows of flags.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!isPattern(pattern)) return pattern === text;
  // Most rules of a robot fail here, so that a thousand of them take no longer than none (the refusal's fixed delay).
  if (!text.startsWith(pattern.slice(0, pattern.indexOf("*")))) return false;
  // positions[i]: the parts so far can end before character i.
  let positions: boolean[] = new Array<boolean>(text.length + 1).fill(false);
  positions[0] = true;
  for (const part of pattern.split(/(\*+)/)) positions = advance(part, positions, text);
  return positions[text.length] === true;
}

/** @param part Plain text, which may be empty, or a run of stars. */
function advance(part: string, from: readonly boolean[], text: string): boolean[] {
  if (!isPattern(part)) {
    const to = new Array<boolean>(from.length).fill(false);
    from.forEach((reached, at) => {
      if (reached && text.startsWith(part, at)) to[at + part.length] = true;
    });
    return to;
  }
  let inRun = false;
  return from.map((reached, at) => {
    if (part === "*" && isSeparator(text.charAt(at - 1))) inRun = false;
    inRun = inRun || reached;
    return inRun;
  });
}

function isSeparator(character: string): boolean {
  return character === "/" || character === ":";
}
