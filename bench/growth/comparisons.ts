import type { RobotName } from "../../src/domain/access/names.ts";
import { type BenchRequest, load } from "../load.ts";
import type { SigningKey } from "../traffic.ts";
import { type Cost, compare, type Rounds } from "./compare.ts";
import { growthOf, readFigures } from "./redis-figures.ts";
import { exchangesOf, registryTokensOf } from "./requests.ts";
import type { GrowthServer } from "./server.ts";

/** What grew with the records would be hundreds of times as dear; noise on a busy machine makes 1.5 of two that are alike. */
const MAX_RATIO = 3;

export interface Run extends Rounds {
  readonly key: SigningKey;
}

/** Some robots of one server, that are asked for in turn. */
export interface Place {
  readonly name: string;
  readonly server: GrowthServer;
  readonly robots: readonly RobotName[];
}

const ROUTES = { exchange: exchangesOf, "registry token": registryTokensOf } as const;
type Route = keyof typeof ROUTES;

/**
 * Prints what a request costs at both places, and their ratio.
 *
 * @param isAlike Nothing but records that the request does not ask for is between the two: the ratio has a bound.
 */
export async function showGrowth(small: Place, large: Place, run: Run, isAlike: boolean): Promise<void> {
  console.log(`\n${"".padEnd(54)} p50 ms  Berth µs  Redis µs  total µs  ratio`);
  for (const route of Object.keys(ROUTES) as Route[]) {
    const costs = await compare(sideOf(route, small, run), sideOf(route, large, run), run);
    const ratio = totalOf(costs.large) / totalOf(costs.small);
    console.log(line(`${route}: ${small.name}`, costs.small));
    console.log(`${line(`${route}: ${large.name}`, costs.large)} ${ratio.toFixed(2).padStart(6)}`);
    if (!isAlike || ratio <= MAX_RATIO) continue;
    console.log(`  that is over ${MAX_RATIO}`);
    process.exitCode = 1;
  }
}

/** What goes between Berth and Redis for one request, and what Redis writes to disk. */
export async function showTraffic({ server, robots }: Place, run: Run): Promise<void> {
  console.log("\none request, bytes                 to Redis   from Redis      to disk");
  for (const route of Object.keys(ROUTES) as Route[]) {
    const requests = await requestsOf(route, { server, robots }, run, run.requests);
    const before = await readFigures(server.connection);
    await load(server.origin, requests, run.connections);
    const { bytesIn, bytesOut, aofBytes } = growthOf(
      before,
      await readFigures(server.connection),
      requests.length,
    );
    const figures = [bytesIn, bytesOut, aofBytes].map((bytes) => bytes.toFixed(0).padStart(12));
    console.log(`  ${route.padEnd(28)} ${figures.join(" ")}`);
  }
}

function sideOf(route: Route, place: Place, run: Run) {
  return { server: place.server, requests: (count: number) => requestsOf(route, place, run, count) };
}

function requestsOf(
  route: Route,
  { server, robots }: Pick<Place, "server" | "robots">,
  { key }: Run,
  count: number,
): Promise<readonly BenchRequest[]> {
  return ROUTES[route](server.origin, key, robots, count);
}

function totalOf({ berthMicros, redisMicros }: Cost): number {
  return berthMicros + redisMicros;
}

function line(name: string, cost: Cost): string {
  const { p50Ms, berthMicros, redisMicros } = cost;
  const micros = [berthMicros, redisMicros, totalOf(cost)].map((one) => one.toFixed(0).padStart(9));
  return `  ${name.padEnd(51)} ${p50Ms.toFixed(2).padStart(7)} ${micros.join(" ")}`;
}
