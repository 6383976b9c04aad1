import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { ListenAddress } from "../config/setting-values.ts";
import { ConfigurationError } from "./configuration-error.ts";

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another program",
  EACCES: "may not be opened by this user",
  EADDRNOTAVAIL: "is not an address of this machine",
};

/**
 * The port that `server` listens on, once it does. Throws ConfigurationError for an address that cannot be had.
 *
 * @param variable The setting that says where.
 */
export function listen(
  server: HttpServer | HttpsServer,
  { host, port }: ListenAddress,
  variable: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (fault: NodeJS.ErrnoException) => {
      const sentence = LISTEN_FAULTS[fault.code ?? ""];
      reject(sentence ? new ConfigurationError([`${variable}: ${host}:${port} ${sentence}`]) : fault);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
