import { load, type Measurement } from "../load.ts";
import type { Peer } from "./peer.ts";

interface Run {
  readonly requests: number;
  readonly connections: number;
  readonly rounds: number;
}

interface Sample extends Measurement {
  readonly serverMicros: number;
  readonly storeMicros: number;
}

/** Round by round, so that a slow moment of the machine falls on all; prints medians, and ratios of Berth to each. */
export async function measurePeers(route: string, peers: readonly Peer[], run: Run): Promise<void> {
  for (const peer of peers) await sampleOf(peer, { ...run, requests: Math.ceil(run.requests / 2) });
  const samples = new Map<Peer, Sample[]>(peers.map((peer) => [peer, []]));
  for (let round = 0; round < run.rounds; round += 1) {
    for (const peer of peers) samples.get(peer)?.push(await sampleOf(peer, run));
  }
  const rows = peers.map((peer) => ({ peer, figures: mediansOf(samples.get(peer) ?? []) }));
  console.log(`${route}: ${run.rounds} rounds of ${run.requests}, ${run.connections} connections; medians`);
  console.log(
    "  server                     req/s   p50 ms   p99 ms  CPU µs/req  of it store  Berth/it req/s  CPU",
  );
  const berth = rows[0]?.figures;
  for (const { peer, figures } of rows) if (berth) console.log(line(peer.name, figures, berth));
  for (const { peer } of rows) console.log(`  ${peer.name}: ${peer.work}`);
  console.log("");
}

async function sampleOf(peer: Peer, run: Run): Promise<Sample> {
  const requests = await peer.requests(run.requests);
  const before = peer.cpuMs();
  const measured = await load(peer.origin, requests, run.connections);
  const after = peer.cpuMs();
  const micros = (from: number, to: number) => ((to - from) * 1000) / requests.length;
  return {
    ...measured,
    serverMicros: micros(before.server, after.server),
    storeMicros: micros(before.store, after.store),
  };
}

function mediansOf(samples: readonly Sample[]): Sample {
  const middle = (of: (sample: Sample) => number) =>
    samples.map(of).toSorted((left, right) => left - right)[Math.floor(samples.length / 2)] ?? Number.NaN;
  return {
    requests: middle(({ requests }) => requests),
    perSecond: middle(({ perSecond }) => perSecond),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    serverMicros: middle(({ serverMicros }) => serverMicros),
    storeMicros: middle(({ storeMicros }) => storeMicros),
  };
}

function line(name: string, figures: Sample, berth: Sample): string {
  const cpu = figures.serverMicros + figures.storeMicros;
  return [
    `  ${name.padEnd(25)}`,
    figures.perSecond.toFixed(0).padStart(6),
    figures.p50Ms.toFixed(2).padStart(8),
    figures.p99Ms.toFixed(2).padStart(8),
    cpu.toFixed(0).padStart(11),
    figures.storeMicros.toFixed(0).padStart(12),
    (berth.perSecond / figures.perSecond).toFixed(2).padStart(15),
    ((berth.serverMicros + berth.storeMicros) / cpu).toFixed(2).padStart(4),
  ].join(" ");
}
