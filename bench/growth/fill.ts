import { writeNamespace } from "../scale/records.ts";
import type { SigningKey } from "../traffic.ts";
import { holderOf, PROCESSES, readPattern, writeCredentials } from "./credentials.ts";
import { FEW, MANY, RULED, RULED_ROBOTS, robotsFrom, WARM_ROBOTS } from "./places.ts";
import { bytesOfOne, growthOf, readFigures } from "./redis-figures.ts";
import { writeRobots } from "./robots.ts";
import type { GrowthServer } from "./server.ts";

/** Writes past Berth, with its own adapters, and prints what each record takes. */
export async function fillRobots(small: GrowthServer, large: GrowthServer, count: number): Promise<void> {
  await writeNamespace(small.directory, FEW, { count: WARM_ROBOTS });
  await measured(large, "robots of one rule", async () => (await writeRobots(large, MANY, count)).robots);
}

export async function fillRules(server: GrowthServer, rules: number): Promise<void> {
  await measured(server, "rules", async () => {
    await writeNamespace(server.directory, RULED, { count: RULED_ROBOTS, rules });
    return RULED_ROBOTS * rules;
  });
}

/** What an exchange writes, without the rest of it: by as many connections as PROCESSES Berths have. */
export async function fillCredentials(server: GrowthServer, key: SigningKey, count: number): Promise<void> {
  const crowded = await Promise.all(robotsFrom(MANY, 0, WARM_ROBOTS).map((name) => holderOf(server, name)));
  const pattern = await readPattern(server, key, robotsFrom(MANY, 0, 1));
  await measured(server, `redeemed identity tokens over ${PROCESSES} connections`, async () => {
    await writeCredentials(server, pattern, count, crowded);
    return count;
  });
  await showKeys(server);
}

/** Runs `write`, which says how many records it wrote. */
async function measured(server: GrowthServer, name: string, write: () => Promise<number>): Promise<void> {
  const before = await readFigures(server.connection);
  const [startedAt, cpuBefore] = [performance.now(), server.redisCpuMs()];
  const count = await write();
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMicros = ((server.redisCpuMs() - cpuBefore) * 1000) / count;
  const each = growthOf(before, await readFigures(server.connection), count);
  console.log(`\n${count} ${name}: ${(count / seconds).toFixed(0)} a second`);
  console.log(
    `  each: ${each.usedMemory.toFixed(0)} bytes of memory, ${each.aofBytes.toFixed(0)} bytes of append-only file, ${cpuMicros.toFixed(0)} µs of CPU in Redis`,
  );
}

async function showKeys({ connection }: GrowthServer): Promise<void> {
  const patterns = {
    "mark of an identity token": "*:mark:*",
    "record of a credential": "*:cred:*",
    "audit event of an exchange": "*{s:*:audit",
  };
  for (const [name, pattern] of Object.entries(patterns)) {
    const bytes = await bytesOfOne(connection, pattern);
    console.log(`  ${name}: ${bytes?.toFixed(0) ?? "?"} bytes (MEMORY USAGE)`);
  }
}
