import { type Api, withApi } from "./api-client.ts";
import type { Command, Invocation } from "./command.ts";
import { textOption } from "./options.ts";

/** A command that asks the management API. */
interface ApiCommand extends Omit<Command, "run"> {
  /** Nothing is opened before it calls `api`. The exit code. */
  run(api: Api, invocation: Invocation): Promise<number>;
}

/** The command with the option that all such have: `--server URL`, which goes before BERTH_SERVER. */
export function apiCommand({ options, run, ...rest }: ApiCommand): Command {
  return {
    ...rest,
    asksApi: true,
    options: { ...options, server: { type: "string" } },
    run: (invocation) => {
      const { values, environment } = invocation;
      const server = textOption(values, "server");
      const named = server === undefined ? environment : { ...environment, BERTH_SERVER: server };
      return withApi(named, (api) => run(api, invocation));
    },
  };
}
