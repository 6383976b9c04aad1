import cluster from "node:cluster";
import { parentSettings, processCount, serveWithProcesses } from "../processes/serve-with-processes.ts";
import { readSettings } from "../read-settings.ts";
import type { Command } from "./command.ts";

export const serve: Command = {
  words: ["serve"],
  positionals: [],
  options: {},
  usage: "",
  summary: "serves until SIGTERM or SIGINT",
  description:
    "Serves with the settings of the environment. At the first SIGTERM or SIGINT /readyz answers 503 for\nBERTH_DRAIN_SECONDS while requests are still taken; then those under way are finished, nothing more is taken,\nand it ends. Another signal ends it at once. With BERTH_PROCESSES over 1, SIGHUP replaces the processes one\nafter the other: code, declaration and secrets' files are read anew, and no request is lost. With one process, SIGHUP\nends the server.",
  example: "BERTH_PUBLIC_URL=https://berth.example.com BERTH_FILE=berth.yaml … berth serve",
  async run({ environment }) {
    // The server is loaded where one is started: not by a parent, whose processes wait for it, nor by other commands.
    if (cluster.isWorker) {
      const { serveAsChild } = await import("../processes/serve-as-child.ts");
      return serveAsChild(environment);
    }
    const settings = readSettings(environment);
    const count = processCount(settings);
    if (count > 1) return serveWithProcesses(count, parentSettings(settings));
    const { serveAlone } = await import("../serve-alone.ts");
    return serveAlone(environment);
  },
};
