import { isPattern, matchesPattern } from "../access/pattern.ts";
import { fixedPrefix } from "./rule-pins.ts";

/** What is left of the work that comparing patterns may be: characters of the one times characters of the other. */
export interface CoverEffort {
  left: number;
}

/**
 * For one look at a robot's rules, some hundred milliseconds. Whoever may write rules chooses the patterns, and
 * a thousand long ones, compared each with each, would hold up everybody's exchanges for hours.
 */
export function coverEffort(): CoverEffort {
  return { left: 20_000_000 };
}

/**
 * Whether `wider` matches all that `narrower` does. Errs to "no": a wildcard is held to be covered by a wildcard
 * alone, and not by the plain text that it might stand for, and nothing is once `effort` is used up.
 */
export function patternCovers(wider: string, narrower: string, effort: CoverEffort): boolean {
  // Most of a thousand rules differ here, so that few pairs come to the table below.
  if (!narrower.startsWith(fixedPrefix(wider))) return false;
  effort.left -= wider.length * narrower.length;
  if (effort.left < 0) return false;
  if (!isPattern(narrower)) return matchesPattern(wider, narrower);
  return isPattern(wider) && coversSymbols(symbols(wider), symbols(narrower));
}

/** Characters, `*`, and `**`. */
function symbols(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\*+|[^*]/gs)].map(([symbol]) => symbol);
}

function coversSymbols(wider: readonly string[], narrower: readonly string[]): boolean {
  // covered[i]: the symbols of `wider` so far cover the first i of `narrower`.
  let covered: readonly boolean[] = [true];
  for (const symbol of wider) covered = advance(symbol, covered, narrower);
  return covered[narrower.length] === true;
}

function advance(symbol: string, from: readonly boolean[], narrower: readonly string[]): readonly boolean[] {
  const isWildcard = isPattern(symbol);
  const to = [isWildcard && from[0] === true];
  narrower.forEach((next, at) => {
    if (!isWildcard) to.push(next === symbol && from[at] === true);
    else to.push(from[at + 1] === true || (to[at] === true && swallows(symbol, next)));
  });
  return to;
}

/** `**` is two characters long, and stands for separators too. */
function swallows(wildcard: string, symbol: string): boolean {
  return wildcard !== "*" || (symbol.length === 1 && symbol !== "/" && symbol !== ":");
}
