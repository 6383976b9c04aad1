import { Redis } from "ioredis";
import { onClientError } from "./client-errors.ts";
import { replyCode } from "./fault.ts";
import { type ConnectionOptions, retryDelay, sideOptions } from "./options.ts";
import { type Endpoint, nameOf, parseRedisUrl } from "./redis-url.ts";

/**
 * Listens to every Sentinel of the URL for a failover. A primary that was cut off from its Sentinels does not learn
 * that it was replaced, and would take writes that nobody keeps, for as long as a client holds its connection.
 */
export class SentinelWatch {
  readonly #clients: readonly Redis[];

  /** @param onSwitch Told the addresses of the old and the new primary, `host:port` as the Sentinels have them. */
  constructor(options: ConnectionOptions, onSwitch: (from: string, to: string) => void) {
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
        const [host, port, newHost, newPort] = text.slice(name.length).split(" ");
        if (text.startsWith(name)) onSwitch(`${host}:${port}`, `${newHost}:${newPort}`);
      });
      client.subscribe("+switch-master").catch((fault: unknown) => {
        const code = replyCode(fault);
        if (code !== undefined) options.onNotice?.(deaf(endpoint, code));
      });
      return client;
    });
  }

  close(): void {
    for (const client of this.#clients) client.disconnect();
  }
}

function deaf(sentinel: Endpoint, code: string): string {
  return (
    `the Sentinel ${nameOf(sentinel)} refuses SUBSCRIBE (${code}): Berth would not hear of a failover from it. ` +
    "Its user needs &+switch-master +subscribe."
  );
}
