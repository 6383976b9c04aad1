import { Redis } from "ioredis";
import { onClientError } from "./client-errors.ts";
import { type ConnectionOptions, retryDelay, sideOptions } from "./options.ts";
import { parseRedisUrl } from "./redis-url.ts";

/**
 * Listens to every Sentinel of the URL for a failover. A primary that was cut off from its Sentinels does not learn
 * that it was replaced, and would take writes that nobody keeps, for as long as a client holds its connection.
 */
export class SentinelWatch {
  readonly #clients: readonly Redis[];

  constructor(options: ConnectionOptions, onSwitch: () => void) {
    const { endpoints } = parseRedisUrl(options.url);
    const name = `${options.sentinel?.name} `;
    this.#clients = endpoints.map((endpoint) => {
      const client = new Redis({
        ...sideOptions(options, endpoint, "sentinel"),
        retryStrategy: retryDelay,
        // The subscription waits until there is a connection, however long that takes.
        maxRetriesPerRequest: null,
      });
      // A Sentinel that is down is missed by nobody while another is there.
      onClientError(client, () => undefined);
      client.on("message", (_: string, text: string) => {
        if (text.startsWith(name)) onSwitch();
      });
      client.subscribe("+switch-master").catch(() => undefined);
      return client;
    });
  }

  close(): void {
    for (const client of this.#clients) client.disconnect();
  }
}
