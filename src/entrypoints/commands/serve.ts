import { startServer } from "../node.ts";
import type { Command } from "./command.ts";

export const serve: Command = {
  words: ["serve"],
  positionals: [],
  options: {},
  usage: "",
  summary: "serves until SIGTERM or SIGINT",
  description:
    "Serves with the settings of the environment. Stops at the first SIGTERM or SIGINT: requests under way are\nfinished, nothing more is taken.",
  example: "BERTH_PUBLIC_URL=https://berth.example.com BERTH_FILE=berth.yaml … berth serve",
  async run({ environment }) {
    const server = await startServer(environment, (line) => process.stdout.write(line));
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
    });
    await server.close();
    return 0;
  },
};
