import type { FleetNode } from "../test/support/redis-fleet-node.ts";
import { isClient, isServer } from "../test/support/redis-fleet-settings.ts";
import { moveSlots } from "./move-slots.ts";
import type { Scene } from "./scene.ts";
import type { Topology } from "./stores.ts";

/** Begins it, and resolves to what ends it. */
type Begin = (scene: Scene) => Promise<() => unknown>;

export interface Fault {
  readonly says: string;
  /** Where it can happen. */
  readonly on: readonly Topology[];
  readonly begin: Begin;
}

const EVERYWHERE: readonly Topology[] = ["single", "sentinel", "cluster"];
const FLEETS: readonly Topology[] = ["sentinel", "cluster"];
const FLUSH_EACH_MS = 200;

export const FAULTS = {
  "kill-primary": {
    says: "kill -9 of a primary, and its start on what it had on disk",
    on: EVERYWHERE,
    begin: onPrimary(async (primary) => {
      await primary.kill();
      return () => primary.restart();
    }),
  },
  "pause-primary": {
    says: "a primary stands still (SIGSTOP), and goes on as if nothing had been",
    on: EVERYWHERE,
    begin: onPrimary(async (primary) => {
      primary.pause();
      return () => primary.resume();
    }),
  },
  failover: {
    says: "a failover that was ordered",
    on: FLEETS,
    begin: async (scene) => {
      const { fleet } = scene;
      if (fleet.kind === "sentinel") await fleet.failover();
      if (fleet.kind === "cluster") await fleet.failover(await someSlot(scene));
      return () => undefined;
    },
  },
  "cut-clients": {
    says: "no packet passes between the Berths and a primary",
    on: EVERYWHERE,
    begin: onPrimary(async (primary) => {
      primary.cut(isClient);
      return () => primary.heal();
    }),
  },
  "cut-replicas": {
    says: "no packet passes between a primary and its replicas, which those who watch do not see",
    on: FLEETS,
    begin: onPrimary(async (primary) => {
      primary.relay?.cut(isServer);
      return () => primary.heal();
    }),
  },
  "cut-primary": {
    says: "a primary is cut off from all but the Berths, and another takes over",
    on: FLEETS,
    begin: onPrimary(async (primary, { fleet }) => {
      const others = fleet.nodes.filter((node) => node !== primary);
      primary.cut((address) => !isClient(address));
      for (const node of others) node.cut((address) => address === primary.source);
      return () => {
        for (const node of fleet.nodes) node.heal();
      };
    }),
  },
  "full-memory": {
    says: "Redis has no memory left for a write",
    on: EVERYWHERE,
    begin: async ({ fleet }) => {
      const setLimit = (bytes: number) =>
        Promise.all(fleet.nodes.map((node) => node.call("CONFIG", "SET", "maxmemory", bytes)));
      await setLimit(1);
      return () => setLimit(0);
    },
  },
  "flush-scripts": {
    says: "SCRIPT FLUSH at every server, over and over",
    on: EVERYWHERE,
    begin: async ({ fleet }) => {
      const timer = setInterval(() => {
        for (const node of fleet.nodes) void node.call("SCRIPT", "FLUSH").catch(() => undefined);
      }, FLUSH_EACH_MS);
      return () => clearInterval(timer);
    },
  },
  "move-slots": { says: "slots move from primary to primary under load", on: ["cluster"], begin: moveSlots },
  "clock-off": {
    says: "the clock of one Berth is off by a minute",
    on: EVERYWHERE,
    begin: async ({ berths, random }) => {
      const berth = random.below(berths.count);
      berths.shiftClock(berth);
      return () => berths.shiftClock(berth);
    },
  },
  "kill-berth": {
    says: "kill -9 of a Berth",
    on: EVERYWHERE,
    begin: async ({ berths, random }) => {
      const berth = random.below(berths.count);
      await berths.kill(berth);
      return () => berths.startAgain(berth);
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** Of a slot that Berth uses: of the ledger's, or the directory's, at random. */
function onPrimary(begin: (primary: FleetNode, scene: Scene) => Promise<() => unknown>): Begin {
  return async (scene) => begin(await scene.fleet.primary(await someSlot(scene)), scene);
}

async function someSlot({ fleet, random }: Scene): Promise<number> {
  if (fleet.kind !== "cluster") return 0;
  const tags = ["n:acme", "sys", `s:${String(random.below(64)).padStart(2, "0")}`];
  return fleet.slotOf(`{${random.pick(tags)}}`);
}
