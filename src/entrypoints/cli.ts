#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
// A server process's channel to its parent would keep it alive.
process.channel?.unref();
