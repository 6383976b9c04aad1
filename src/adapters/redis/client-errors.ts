import type { Redis } from "ioredis";

/**
 * Has `listen` told of the client's errors. A TLS socket may fail twice, by a certificate that is not trusted and by
 * the alert of the other side, and ioredis listens to it once: the second would end the process.
 */
export function onClientError(client: Redis, listen: (fault: unknown) => void): void {
  client.on("error", (fault: unknown) => {
    client.stream?.on("error", () => undefined);
    listen(fault);
  });
}
