import { DeposedPrimary } from "./deposed-primary.ts";
import type { ConnectionOptions } from "./options.ts";
import { RedisNode } from "./redis-node.ts";
import { parseRedisUrl } from "./redis-url.ts";
import { SentinelWatch } from "./sentinel-watch.ts";
import type { Topology } from "./topology.ts";

/** One server: the one of the URL, or the one that the Sentinels call the primary. */
export class SingleTopology implements Topology {
  readonly #node: RedisNode;
  readonly #watch: SentinelWatch | undefined;

  constructor(options: ConnectionOptions, onChange: () => void) {
    const deposed = new DeposedPrimary();
    const node = new RedisNode(
      { ...options, mayBePrimary: (address) => deposed.refuse(address) },
      parseRedisUrl(options.url).endpoints[0],
      onChange,
    );
    this.#node = node;
    if (options.topology === "sentinel") {
      this.#watch = new SentinelWatch(options, (from, to) => {
        deposed.replaced(from, to);
        node.replace("its Sentinels name another primary");
      });
    }
  }

  nodeOf(): RedisNode {
    return this.#node;
  }

  redirected(): undefined {
    return undefined;
  }

  refresh(): void {
    // Each new connection asks anew.
  }

  nodes(): readonly RedisNode[] {
    return [this.#node];
  }

  fault(): string | undefined {
    return this.#node.fault;
  }

  close(): void {
    this.#watch?.close();
    this.#node.close();
  }
}
