/**
 * What grows and what does not, on Redis: the cost of an exchange and of a registry token with very many robots, rules
 * and live credentials, as ratios to a Berth that has next to nothing, round by round in the same run; what each record
 * takes in Redis; and the memory of a Berth that has seen very many of all. `npm run bench:growth [-- --robots 1000000
 * --rules 1000 --credentials 1000000 --strangers 12000 --requests 500 --rounds 5]`: ten minutes and 4 GB of memory.
 * Exit code 1: a cost is more than three times as high, with nothing but records between the two.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findProgram } from "../demo/registry.ts";
import { type Place, showGrowth, showTraffic } from "./growth/comparisons.ts";
import { fillCredentials, fillRobots, fillRules } from "./growth/fill.ts";
import { measureMemory } from "./growth/memory.ts";
import { FEW, MANY, RULED, RULED_ROBOTS, robotsFrom, WARM_ROBOTS } from "./growth/places.ts";
import { startGrowthServer } from "./growth/server.ts";
import { signingKey } from "./traffic.ts";

const { values } = parseArgs({
  options: {
    robots: { type: "string", default: "1000000" },
    rules: { type: "string", default: "1000" },
    credentials: { type: "string", default: "1000000" },
    strangers: { type: "string", default: "12000" },
    requests: { type: "string", default: "500" },
    rounds: { type: "string", default: "5" },
    connections: { type: "string", default: "8" },
  },
});
const program = findProgram("redis-server", "valkey-server");
if (program === undefined) throw new Error("install redis-server or valkey-server: the figures are of Redis");
const count = {
  robots: Number(values.robots),
  rules: Number(values.rules),
  credentials: Number(values.credentials),
};
const key = await signingKey();
const requests = Number(values.requests);
const run = { key, requests, rounds: Number(values.rounds), connections: Number(values.connections) };

const folder = mkdtempSync(join(tmpdir(), "berth-growth-"));
const small = await startGrowthServer(program, join(folder, "small"), key);
const large = await startGrowthServer(program, join(folder, "large"), key);
try {
  const few: Place = {
    name: `${WARM_ROBOTS} robots, nothing else`,
    server: small,
    robots: robotsFrom(FEW, 0, WARM_ROBOTS),
  };
  const placeOf = (name: string, namespace: string, robots: number): Place => ({
    name,
    server: namespace === MANY ? large : small,
    robots: robotsFrom(namespace, 0, robots),
  });

  await fillRobots(small, large, count.robots);
  await showGrowth(few, placeOf(`${count.robots} robots`, MANY, WARM_ROBOTS), run, true);
  await showGrowth(
    few,
    placeOf("another robot each time", MANY, Math.min(requests, count.robots / 2)),
    run,
    false,
  );

  await fillCredentials(large, key, count.credentials);
  const credentials = placeOf(`${count.credentials} live credentials as well`, MANY, WARM_ROBOTS);
  await showGrowth(few, credentials, run, true);
  await showTraffic(credentials, run);

  await fillRules(small, count.rules);
  await showGrowth(
    few,
    placeOf(`${count.rules} rules a robot, the last matches`, RULED, WARM_ROBOTS),
    run,
    false,
  );
  await showGrowth(few, placeOf("the same, read from Redis each time", RULED, RULED_ROBOTS), run, false);

  await measureMemory(large, key, Math.floor(count.robots / 2), Number(values.strangers));
} finally {
  await small.stop();
  await large.stop();
  rmSync(folder, { recursive: true, force: true });
}
