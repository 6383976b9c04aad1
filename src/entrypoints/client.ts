#!/usr/bin/env node
import { runClientCommandLine } from "../client/client-command-line.ts";
import { isHelperProgram, runHelperCommandLine } from "../client/helper/helper-command-line.ts";
import { faultText } from "../client/own-fault.ts";

/** Set when the client is bundled. */
declare const BERTH_CLIENT_VERSION: string | undefined;

process.once("uncaughtException", (fault) => {
  console.error(faultText(fault));
  process.exit(1);
});

const [, program = "", ...args] = process.argv;
const run = isHelperProgram(program) ? runHelperCommandLine : runClientCommandLine;

process.exitCode = await run(
  {
    variables: process.env,
    console: {
      out: (line) => console.log(line),
      note: (line) => console.error(line),
    },
    version: typeof BERTH_CLIENT_VERSION === "string" ? BERTH_CLIENT_VERSION : "from sources",
  },
  args,
);
