import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Settings } from "../../config/settings.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { readSettings } from "../read-settings.ts";
import type { Command } from "./command.ts";

const TIMEOUT_MS = 2000;

export const health: Command = {
  words: ["health"],
  positionals: [],
  options: {},
  usage: "",
  summary: "asks the server on this machine whether it is ready",
  description:
    "Asks the server that runs with the same settings for /readyz. For a container's health check.",
  example: "berth health",
  async run({ environment }) {
    try {
      const status = await readiness(readSettings(environment));
      console.log(status === 200 ? "ready" : "not ready: the store does not answer");
      return status === 200 ? 0 : 1;
    } catch (fault) {
      if (fault instanceof ConfigurationError) throw fault;
      console.error("berth: the server does not answer");
      return 1;
    }
  },
};

/** The status of /readyz at the address that the server listens on, whatever the public URL leads to. */
function readiness({ listen, tls, publicUrl }: Settings): Promise<number | undefined> {
  const everywhere = listen.host === "0.0.0.0" || listen.host === "::";
  const target = {
    host: everywhere ? "127.0.0.1" : listen.host,
    port: listen.port,
    path: "/readyz",
    timeout: TIMEOUT_MS,
  };
  // The server's own certificate is what it must show, whoever signed it.
  const own = tls && {
    ca: readFileSync(tls.certFile),
    allowPartialTrustChain: true,
    servername: new URL(publicUrl).hostname,
  };
  return new Promise((resolve, reject) => {
    const request = own ? httpsRequest({ ...target, ...own }) : httpRequest(target);
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("timeout", () => request.destroy(new Error("no answer")));
    request.once("error", reject);
    request.end();
  });
}
