import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What V8 gives times to that no code of anybody's took. */
const OF_THE_RUNTIME: ReadonlySet<string> = new Set(["(idle)", "(garbage collector)", "(program)"]);

/**
 * Where a server's time went: the shares of what was not idle, waiting for a disk included. Node's own code, and what it
 * has the system do, is counted to the file or package that called it.
 */
export function printProfile(name: string, folder: string): void {
  const file = readdirSync(folder).find((entry) => entry.endsWith(".cpuprofile"));
  if (file === undefined) return;
  const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile;
  const parts = partsOf(profile);
  const times = new Map<string, number>();
  profile.samples.forEach((id, at) => {
    const part = parts.get(id) ?? "?";
    if (part !== "(idle)") times.set(part, (times.get(part) ?? 0) + (profile.timeDeltas[at] ?? 0));
  });
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  console.log(`where ${name} spent its time (both routes, start included)`);
  const rows = [...times].sort(([, left], [, right]) => right - left).slice(0, 25);
  for (const [part, time] of rows)
    console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${part}`);
  console.log("");
}

/** For each node, the part of the code that it is counted to. A caller stands before those that it calls. */
function partsOf({ nodes }: CpuProfile): ReadonlyMap<number, string> {
  const parts = new Map<number, string>();
  const callers = new Map<number, string>();
  for (const node of nodes) {
    const part = ownPart(node) ?? callers.get(node.id) ?? "node, called by nobody";
    parts.set(node.id, part);
    for (const child of node.children ?? []) callers.set(child, part);
  }
  return parts;
}

/** A package, a file of Berth's, or V8's own; undefined for Node and for native code. */
function ownPart({ callFrame: { functionName, url } }: ProfileNode): string | undefined {
  if (OF_THE_RUNTIME.has(functionName)) return functionName;
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? /\/(src\/.+)$/.exec(url)?.[1];
}
