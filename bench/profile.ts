import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where a server's CPU time went, by the part of the code that was running: the shares of what was not idle. */
export function printProfile(name: string, folder: string): void {
  const file = readdirSync(folder).find((entry) => entry.endsWith(".cpuprofile"));
  if (file === undefined) return;
  const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile;
  const parts = new Map(profile.nodes.map((node) => [node.id, partOf(node.callFrame)]));
  const times = new Map<string, number>();
  profile.samples.forEach((id, at) => {
    const part = parts.get(id) ?? "?";
    if (part !== "(idle)") times.set(part, (times.get(part) ?? 0) + (profile.timeDeltas[at] ?? 0));
  });
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  console.log(`where ${name} spent its time (share of CPU, start included)`);
  const rows = [...times].sort(([, left], [, right]) => right - left).slice(0, 15);
  for (const [part, time] of rows)
    console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${part}`);
  console.log("");
}

/** A package, a folder of Berth's, a module of Node's, or what V8 calls the rest. */
function partOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (functionName === "(idle)" || functionName === "(garbage collector)") return functionName;
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency) return dependency;
  const own = /\/src\/(.+)\/[^/]+$/.exec(url)?.[1];
  if (own) return `src/${own}`;
  if (url.startsWith("node:")) return url;
  return functionName === "(program)" ? "native code and system calls" : `native: ${functionName}`;
}
