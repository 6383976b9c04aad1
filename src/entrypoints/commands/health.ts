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
    const { listen, tls, publicUrl } = readSettings(environment);
    const host = listen.host === "0.0.0.0" || listen.host === "::" ? "127.0.0.1" : listen.host;
    // Under TLS the certificate names the public host, so that is where to ask.
    const url = tls ? new URL("/readyz", publicUrl) : new URL(`http://${host}:${listen.port}/readyz`);
    try {
      const { status } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      console.log(status === 200 ? "ready" : "not ready: the store does not answer");
      return status === 200 ? 0 : 1;
    } catch {
      console.error("berth: the server does not answer");
      return 1;
    }
  },
};
