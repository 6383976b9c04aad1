import { FleetNode } from "./redis-fleet-node.ts";
import {
  DOWN_AFTER_MS,
  type FleetOptions,
  replicaAnnouncement,
  serverSettings,
  serverSource,
} from "./redis-fleet-settings.ts";
import { until } from "./until.ts";

const SLOTS = 16_384;
const PRIMARIES = 3;
const MIGRATE_MS = 2000;

/** A slot on its way from one primary to another. */
export interface SlotMove {
  /** Moves at most so many keys; resolves to how many there were. */
  moveKeys(count: number): Promise<number>;
  /** Moves what is left, and gives the slot to its new primary. */
  finish(): Promise<void>;
}

/** Three primaries, each with a replica: real processes on free ports of loopback. */
export class ClusterFleet {
  readonly kind = "cluster";
  readonly nodes: readonly FleetNode[];
  readonly #password: string | undefined;

  constructor(nodes: readonly FleetNode[], password: string | undefined) {
    this.nodes = nodes;
    this.#password = password;
  }

  /** The primary of a slot; of slot 0 where none is named. As any node that answers has it. */
  async primary(slot = 0): Promise<FleetNode> {
    const owner = (await this.#slots()).find(([from, to]) => from <= slot && slot <= to);
    return this.#byPort(owner?.[2][1]);
  }

  /** The replicas of a slot's primary. */
  async replicas(slot = 0): Promise<readonly FleetNode[]> {
    const [, , , ...replicas] = (await this.#slots()).find(([from, to]) => from <= slot && slot <= to) ?? [];
    return replicas.map(([, port]) => this.#byPort(port));
  }

  async slotOf(key: string): Promise<number> {
    return Number(await this.#ask("CLUSTER", "KEYSLOT", key));
  }

  /** Has a replica of the slot's primary take over, in agreement with it; resolves when it has. */
  async failover(slot = 0): Promise<FleetNode> {
    const before = await this.primary(slot);
    const [replica] = await this.replicas(slot);
    if (replica === undefined) throw new Error(`the primary of slot ${slot} has no replica`);
    await replica.call("CLUSTER", "FAILOVER");
    return this.promoted(before, slot);
  }

  /** Resolves when another than `before` has the slot, in the eyes of every node that answers. */
  promoted(before: FleetNode, slot = 0): Promise<FleetNode> {
    return until(`another primary of slot ${slot}`, async () => {
      const primary = await this.primary(slot);
      return primary !== before && (await primary.info("replication", "role")) === "master"
        ? primary
        : undefined;
    });
  }

  /** Between two primaries, keys and all. The slot is being moved from now on: `finish` ends that. */
  async moveSlot(slot: number): Promise<SlotMove> {
    const from = await this.primary(slot);
    const owners = await Promise.all((await this.#slots()).map(async ([, , [, port]]) => this.#byPort(port)));
    const to = owners.find((owner) => owner !== from);
    if (to === undefined) throw new Error("there is one primary only");
    await to.call("CLUSTER", "SETSLOT", slot, "IMPORTING", await idOf(from));
    await from.call("CLUSTER", "SETSLOT", slot, "MIGRATING", await idOf(to));
    const moveKeys = (count: number) => this.#moveKeys({ slot, from, to }, count);
    return {
      moveKeys,
      finish: async () => {
        while ((await moveKeys(100)) > 0);
        for (const node of [to, from]) await node.call("CLUSTER", "SETSLOT", slot, "NODE", await idOf(to));
      },
    };
  }

  /** Resolves when every node runs, all agree on the slots, and every replica follows its primary. */
  async settled(withinMs = 60_000): Promise<void> {
    await until("the cluster is whole", () => this.#isWhole(), withinMs);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  async #isWhole(): Promise<boolean> {
    const whole = await Promise.all(
      this.nodes.map(async (node) => {
        if (!String(await node.call("CLUSTER", "INFO")).includes("cluster_state:ok")) return false;
        if (/fail/.test(String(await node.call("CLUSTER", "NODES")))) return false;
        if ((await node.info("replication", "role")) === "master") return true;
        return (await node.info("replication", "master_link_status")) === "up";
      }),
    );
    const replicas = (await this.#slots()).map(([, , , ...followers]) => followers.length);
    return whole.every((one) => one) && replicas.every((count) => count > 0);
  }

  async #moveKeys(
    { slot, from, to }: { slot: number; from: FleetNode; to: FleetNode },
    count: number,
  ): Promise<number> {
    const keys = (await from.call("CLUSTER", "GETKEYSINSLOT", slot, count)) as string[];
    if (keys.length === 0) return 0;
    const auth = this.#password === undefined ? [] : ["AUTH", this.#password];
    await from.call("MIGRATE", "127.0.0.1", to.ports.own, "", 0, MIGRATE_MS, ...auth, "KEYS", ...keys);
    return keys.length;
  }

  /** As CLUSTER SLOTS has it: from, to, and `[host, port, id]` of the primary and its replicas. */
  async #slots(): Promise<readonly SlotRange[]> {
    return (await this.#ask("CLUSTER", "SLOTS")) as SlotRange[];
  }

  /** Of the node that answers first: those that are stopped or cut off would tell of the past. */
  #ask(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const running = this.nodes.filter((node) => node.isRunning);
    return Promise.any(running.map((node) => node.call(command, ...args)));
  }

  #byPort(port: number | undefined): FleetNode {
    const node = this.nodes.find((one) => one.port === port);
    if (node === undefined) throw new Error("the slot has no primary");
    return node;
  }
}

type Member = [host: string, port: number, id: string];
type SlotRange = [from: number, to: number, primary: Member, ...replicas: Member[]];

export async function startClusterFleet(options: FleetOptions = {}): Promise<ClusterFleet> {
  const nodes: FleetNode[] = [];
  const fleet = new ClusterFleet(nodes, options.password);
  try {
    for (let number = 1; number <= 2 * PRIMARIES; number += 1) nodes.push(await startNode(number, options));
    await join(nodes);
    await fleet.settled();
    return fleet;
  } catch (fault) {
    await fleet.stop();
    throw fault;
  }
}

function startNode(number: number, options: FleetOptions): Promise<FleetNode> {
  return FleetNode.start({
    kind: "server",
    password: options.password,
    relayedFrom: options.relayed === true ? serverSource(number) : undefined,
    settings: (ports) => [
      "cluster-enabled yes",
      `cluster-port ${ports.ownBus}`,
      "cluster-announce-ip 127.0.0.1",
      `cluster-announce-port ${ports.announced}`,
      `cluster-announce-bus-port ${ports.announcedBus}`,
      `cluster-node-timeout ${DOWN_AFTER_MS}`,
      ...replicaAnnouncement(ports),
      ...serverSettings(options),
    ],
  });
}

/** The first three share the slots, the others follow one each. */
async function join(nodes: readonly FleetNode[]): Promise<void> {
  const [first, ...others] = nodes;
  for (const [at, node] of nodes.entries()) await node.call("CLUSTER", "SET-CONFIG-EPOCH", at + 1);
  for (const { ports } of others) {
    await first?.call("CLUSTER", "MEET", "127.0.0.1", ports.announced, ports.announcedBus);
  }
  await until("all nodes know each other", async () => {
    const known = await Promise.all(nodes.map((node) => node.call("CLUSTER", "INFO")));
    return known.every((text) => String(text).includes(`cluster_known_nodes:${nodes.length}`));
  });
  const all = Array.from({ length: SLOTS }, (_, slot) => slot);
  for (const [at, primary] of nodes.slice(0, PRIMARIES).entries()) {
    const share = all.slice(Math.floor((at * SLOTS) / PRIMARIES), Math.floor(((at + 1) * SLOTS) / PRIMARIES));
    await primary.call("CLUSTER", "ADDSLOTS", ...share);
    await nodes[at + PRIMARIES]?.call("CLUSTER", "REPLICATE", await idOf(primary));
  }
}

async function idOf(node: FleetNode): Promise<string> {
  return String(await node.call("CLUSTER", "MYID"));
}
