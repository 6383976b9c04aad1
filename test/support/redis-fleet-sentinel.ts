import { FleetNode } from "./redis-fleet-node.ts";
import {
  DOWN_AFTER_MS,
  type FleetOptions,
  replicaAnnouncement,
  sentinelSource,
  serverSettings,
  serverSource,
} from "./redis-fleet-settings.ts";
import { until } from "./until.ts";

/** The name under which the Sentinels watch the primary. */
export const SENTINEL_NAME = "berth";
const FAILOVER_TIMEOUT_MS = 6000;
const QUORUM = 2;

/** A primary and two replicas, watched by three Sentinels: real processes on free ports of loopback. */
export class SentinelFleet {
  readonly kind = "sentinel";
  readonly nodes: readonly FleetNode[];
  readonly sentinels: readonly FleetNode[];

  constructor(nodes: readonly FleetNode[], sentinels: readonly FleetNode[]) {
    this.nodes = nodes;
    this.sentinels = sentinels;
  }

  /** Whom the Sentinels call the primary: most of those that answer. */
  async primary(): Promise<FleetNode> {
    const named = await Promise.all(this.sentinels.map((sentinel) => primaryPort(sentinel)));
    const [port] = [...named].sort((left, right) => count(named, right) - count(named, left));
    const node = this.nodes.find((one) => one.port === port);
    if (node === undefined) throw new Error("no Sentinel names a primary");
    return node;
  }

  async replicas(): Promise<readonly FleetNode[]> {
    const primary = await this.primary();
    return this.nodes.filter((node) => node !== primary);
  }

  /** Has the Sentinels promote a replica; resolves when all of them name it and it takes writes. */
  async failover(): Promise<FleetNode> {
    const before = await this.primary();
    // Refused for a while after an earlier failover.
    await until("a Sentinel takes the order", async () => {
      const answers = await Promise.allSettled(
        this.sentinels.slice(0, 1).map((one) => one.call("SENTINEL", "FAILOVER", SENTINEL_NAME)),
      );
      return answers.some(({ status }) => status === "fulfilled");
    });
    return this.promoted(before);
  }

  /** Resolves when another than `before` is the primary in the eyes of all Sentinels that run, and takes writes. */
  promoted(before: FleetNode): Promise<FleetNode> {
    return until("another primary", async () => {
      const named = await Promise.all(this.sentinels.map((sentinel) => primaryPort(sentinel)));
      const [port] = named;
      if (port === before.port || named.some((other) => other !== port)) return undefined;
      const node = this.nodes.find((one) => one.port === port);
      return (await node?.info("replication", "role")) === "master" ? node : undefined;
    });
  }

  /** Resolves when every server runs and follows the primary, and every Sentinel sees that. */
  async settled(withinMs = 60_000): Promise<void> {
    await until(
      "the fleet is whole",
      async () => {
        const primary = await this.primary();
        const roles = await Promise.all(this.nodes.map((node) => followsPort(node)));
        const whole = this.nodes.every((node, at) =>
          node === primary ? roles[at] === "primary" : roles[at] === primary.port,
        );
        return whole && (await this.#seen()).every((seen) => seen);
      },
      withinMs,
    );
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.nodes].map((node) => node.stop()));
  }

  #seen(): Promise<readonly boolean[]> {
    return Promise.all(
      this.sentinels.map(async (sentinel) => {
        const facts = flat(await sentinel.call("SENTINEL", "MASTER", SENTINEL_NAME));
        return (
          facts.get("flags") === "master" &&
          facts.get("num-slaves") === `${this.nodes.length - 1}` &&
          facts.get("num-other-sentinels") === `${this.sentinels.length - 1}`
        );
      }),
    );
  }
}

export async function startSentinelFleet(options: FleetOptions = {}): Promise<SentinelFleet> {
  const nodes: FleetNode[] = [];
  const sentinels: FleetNode[] = [];
  const fleet = new SentinelFleet(nodes, sentinels);
  try {
    for (const number of [1, 2, 3]) nodes.push(await startServer(number, nodes[0], options));
    await until("replicas follow the primary", async () => {
      return (await Promise.all(nodes.slice(1).map((node) => followsPort(node)))).every(
        (port) => port === nodes[0]?.port,
      );
    });
    for (const number of [1, 2, 3]) sentinels.push(await startSentinel(number, nodes[0]?.port ?? 0, options));
    await fleet.settled();
    return fleet;
  } catch (fault) {
    await fleet.stop();
    throw fault;
  }
}

function startServer(
  number: number,
  primary: FleetNode | undefined,
  options: FleetOptions,
): Promise<FleetNode> {
  return FleetNode.start({
    kind: "server",
    password: options.password,
    relayedFrom: options.relayed === true ? serverSource(number) : undefined,
    settings: (ports) => [
      ...replicaAnnouncement(ports),
      ...serverSettings(options),
      ...(primary === undefined ? [] : [`replicaof 127.0.0.1 ${primary.port}`]),
    ],
  });
}

/** Sentinels look around each ten seconds, and for thirty not at all after a pause of the machine: too long for a test. */
const QUICK = ["INFO-PERIOD", 500, "PUBLISH-PERIOD", 500, "TILT-PERIOD", 3000];

async function startSentinel(number: number, primaryPort: number, options: FleetOptions): Promise<FleetNode> {
  const { password, sentinelPassword } = options;
  const sentinel = await FleetNode.start({
    kind: "sentinel",
    password: sentinelPassword,
    settings: () => [
      // It would tell the others its source address, on which it does not listen.
      ...(options.relayed === true
        ? [`bind-source-addr ${sentinelSource(number)}`, "sentinel announce-ip 127.0.0.1"]
        : []),
      `sentinel monitor ${SENTINEL_NAME} 127.0.0.1 ${primaryPort} ${QUORUM}`,
      `sentinel down-after-milliseconds ${SENTINEL_NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${SENTINEL_NAME} ${FAILOVER_TIMEOUT_MS}`,
      `sentinel parallel-syncs ${SENTINEL_NAME} 2`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${SENTINEL_NAME} ${password}`]),
      ...(sentinelPassword === undefined
        ? []
        : [`requirepass ${sentinelPassword}`, `sentinel sentinel-pass ${sentinelPassword}`]),
    ],
  });
  await sentinel.call("SENTINEL", "DEBUG", ...QUICK);
  return sentinel;
}

async function primaryPort(sentinel: FleetNode): Promise<number | undefined> {
  if (!sentinel.isRunning) return undefined;
  const answer = await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SENTINEL_NAME);
  return Array.isArray(answer) ? Number(answer[1]) : undefined;
}

/** "primary", or the port of the one that it follows while that works. */
async function followsPort(node: FleetNode): Promise<"primary" | number | undefined> {
  if ((await node.info("replication", "role")) === "master") return "primary";
  const isUp = (await node.info("replication", "master_link_status")) === "up";
  return isUp ? Number(await node.info("replication", "master_port")) : undefined;
}

function count<T>(all: readonly T[], one: T): number {
  return all.filter((other) => other === one).length;
}

/** A flat list of names and values, as RESP2 has it. */
function flat(answer: unknown): ReadonlyMap<string, string> {
  const list = Array.isArray(answer) ? answer.map(String) : [];
  return new Map(
    list.flatMap((name, at): [string, string][] => (at % 2 ? [] : [[name, list[at + 1] ?? ""]])),
  );
}
