/**
 * Berth's Worker on this machine, in the real runtime: `npm run dev:worker [-- --port 8787]`. Asks nobody for anything.
 * State and keys are in a temporary folder, and gone with it.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { webRandom } from "../src/adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../src/domain/accounts/secret.ts";
import { offlineEnvironment, WRANGLER } from "./offline-wrangler.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "8787" } } });
const url = `http://127.0.0.1:${values.port}`;
const folder = mkdtempSync(join(tmpdir(), "berth-dev-worker-"));
const token = newApiTokenSecret(webRandom).expose();
// In a file, so that they are no arguments of a process; and the one that is read, so that no `.dev.vars` is.
const secrets = join(folder, "secrets.env");
writeFileSync(
  secrets,
  [
    `BERTH_PUBLIC_URL=${url}`,
    `BERTH_ENCRYPTION_KEY=dev:${randomBytes(32).toString("base64")}`,
    `BERTH_BOOTSTRAP_TOKEN=${token}`,
    "",
  ].join("\n"),
  { mode: 0o600 },
);
console.log(`Berth on Workers: ${url}, until you stop it. Its first API token, good for 24 hours:

  export BERTH_SERVER=${url} BERTH_TOKEN=${token}
  npm run berth -- apply berth.yaml
`);

const child = spawn(
  process.execPath,
  [
    WRANGLER,
    "dev",
    "--local",
    ...["--ip", "127.0.0.1", "--port", values.port, "--inspector-port", "0"],
    ...["--persist-to", join(folder, "state"), "--env-file", secrets],
    "--test-scheduled",
    "--show-interactive-dev-session=false",
  ],
  {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: offlineEnvironment(folder),
    stdio: ["ignore", "inherit", "inherit"],
  },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
child.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = code ?? 0;
});
