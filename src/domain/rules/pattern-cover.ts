import { isPattern, matchesPattern } from "../access/pattern.ts";
import { fixedPrefix } from "./rule-pins.ts";

/**
 * Whether `wider` matches all that `narrower` does. Errs to "no": a wildcard is held to be covered by a wildcard
 * alone, and not by the plain text that it might stand for.
 */
export function patternCovers(wider: string, narrower: string): boolean {
  // Most of a thousand rules differ here, so that few pairs come to the table below.
  if (!narrower.startsWith(fixedPrefix(wider))) return false;
  if (!isPattern(narrower)) return matchesPattern(wider, narrower);
  return isPattern(wider) && coversSymbols(symbols(wider), symbols(narrower));
}

/** Characters, `*`, and `**`. */
function symbols(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\*+|[^*]/gs)].map(([symbol]) => symbol);
}

function coversSymbols(wider: readonly string[], narrower: readonly string[]): boolean {
  // covered[i]: the symbols of `wider` so far cover the first i of `narrower`.
  let covered: readonly boolean[] = [true, ...narrower.map(() => false)];
  for (const symbol of wider) covered = advance(symbol, covered, narrower);
  return covered[narrower.length] === true;
}

function advance(symbol: string, from: readonly boolean[], narrower: readonly string[]): readonly boolean[] {
  const to: boolean[] = [];
  for (let at = 0; at < from.length; at += 1) {
    const last = narrower[at - 1];
    if (!symbol.startsWith("*")) to.push(last === symbol && from[at - 1] === true);
    else to.push(from[at] === true || (to[at - 1] === true && swallows(symbol, last)));
  }
  return to;
}

function swallows(wildcard: string, symbol: string | undefined): boolean {
  return wildcard !== "*" || !(symbol === "/" || symbol === ":" || symbol?.startsWith("**"));
}
