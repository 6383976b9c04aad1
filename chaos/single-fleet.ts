import { FleetNode } from "../test/support/redis-fleet-node.ts";
import { serverSettings, serverSource } from "../test/support/redis-fleet-settings.ts";
import { until } from "../test/support/until.ts";

/** One Redis, behind a relay. */
export class SingleFleet {
  readonly kind = "single";
  readonly nodes: readonly FleetNode[];
  readonly #node: FleetNode;

  constructor(node: FleetNode) {
    this.#node = node;
    this.nodes = [node];
  }

  async primary(): Promise<FleetNode> {
    return this.#node;
  }

  async settled(): Promise<void> {
    await until("Redis answers", async () => (await this.#node.call("PING")) === "PONG");
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }
}

export async function startSingleFleet(): Promise<SingleFleet> {
  const settings = () => serverSettings({});
  return new SingleFleet(await FleetNode.start({ kind: "server", relayedFrom: serverSource(1), settings }));
}
