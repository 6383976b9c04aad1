import { type ClusterFleet, startClusterFleet } from "../test/support/redis-fleet-cluster.ts";
import {
  SENTINEL_NAME,
  type SentinelFleet,
  startSentinelFleet,
} from "../test/support/redis-fleet-sentinel.ts";
import { type SingleFleet, startSingleFleet } from "./single-fleet.ts";

export const TOPOLOGIES = ["single", "sentinel", "cluster"] as const;
export type Topology = (typeof TOPOLOGIES)[number];
export type Fleet = SingleFleet | SentinelFleet | ClusterFleet;

/**
 * What an acknowledged write rests on: `wait` has all replicas have it, so that whichever takes over does; `epoch` lets
 * one be enough, and ends with each failover all that was earned before. `one` and `none` are there to be seen to fail:
 * they wait for one replica, and for none, and hold no promise at a failover.
 */
export const DURABILITIES = ["wait", "epoch", "one", "none"] as const;
export type Durability = (typeof DURABILITIES)[number];

const MIN_REPLICAS = ["min-replicas-to-write 1", "min-replicas-max-lag 2"];

export function startFleet(topology: Topology, durability: Durability): Promise<Fleet> {
  const options = { relayed: true, settings: durability === "none" ? [] : MIN_REPLICAS };
  if (topology === "sentinel") return startSentinelFleet(options);
  return topology === "cluster" ? startClusterFleet(options) : startSingleFleet();
}

/** The settings of a Berth on the fleet. */
export function storeSettings(fleet: Fleet, durability: Durability): Readonly<Record<string, string>> {
  const entrances = fleet.kind === "sentinel" ? fleet.sentinels : fleet.nodes;
  return {
    BERTH_REDIS_URL: `redis://${entrances.map(({ address }) => address).join(",")}`,
    BERTH_REDIS_TOPOLOGY: fleet.kind,
    ...(fleet.kind === "sentinel" ? { BERTH_REDIS_SENTINEL_NAME: SENTINEL_NAME } : {}),
    ...(fleet.kind === "single" ? {} : durabilitySettings(fleet, durability)),
  };
}

function durabilitySettings(
  fleet: SentinelFleet | ClusterFleet,
  durability: Durability,
): Readonly<Record<string, string>> {
  const replicas = fleet.kind === "sentinel" ? fleet.nodes.length - 1 : 1;
  if (durability === "wait") return { BERTH_REDIS_WAIT_REPLICAS: `${replicas}` };
  if (durability === "none") return {};
  return {
    BERTH_REDIS_WAIT_REPLICAS: "1",
    ...(durability === "epoch" ? { BERTH_REDIS_EPOCH_ON_FAILOVER: "true" } : {}),
  };
}
