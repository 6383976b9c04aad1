/**
 * How long a container tool waits for `docker-credential-berth` when the answer is in its cache, as a ratio to a Node
 * that does nothing: `npm run bench:helper`. Both are started in turn, so that a busy machine slows both.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleClient } from "../scripts/client-bundle.ts";
import { createClientEnvironment } from "../src/client/client-environment.ts";
import { openCache } from "../src/client/helper/helper-cache.ts";

const REGISTRY = "registry.example.com";
const WISH = { server: "https://berth.example.com", robot: "acme+builder", scopes: [] };

const { values } = parseArgs({ options: { runs: { type: "string", default: "40" } } });
const folder = mkdtempSync(join(tmpdir(), "berth-bench-"));
try {
  const variables = { HOME: folder };
  writeFileSync(join(folder, "berth.mjs"), (await bundleClient()).text);
  symlinkSync("berth.mjs", join(folder, "docker-credential-berth"));
  await writeCachedAnswer(variables);
  const helper = [join(folder, "docker-credential-berth"), "get"];
  const times = { nothing: [] as number[], helper: [] as number[] };
  for (let run = 0; run < Number(values.runs); run += 1) {
    times.nothing.push(millisecondsOf(["-e", "0"], variables));
    times.helper.push(millisecondsOf(helper, variables));
  }
  const [nothing, answered] = [median(times.nothing), median(times.helper)];
  console.log(
    `node -e 0: ${nothing.toFixed(1)} ms; helper with a cached credential: ${answered.toFixed(1)} ms`,
  );
  console.log(`ratio ${(answered / nothing).toFixed(2)} (medians of ${values.runs} runs each)`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What `berth configure-docker` and a first call leave. */
async function writeCachedAnswer(variables: { readonly HOME: string }): Promise<void> {
  mkdirSync(join(folder, ".docker"));
  const settings = { version: 1, registries: { [REGISTRY]: WISH } };
  writeFileSync(join(folder, ".docker", "berth-helper.json"), JSON.stringify(settings), { mode: 0o600 });
  const file = await openCache(createClientEnvironment(variables), REGISTRY, WISH);
  if (!file.ok) throw new Error(file.error.message);
  const mintedAt = Math.floor(Date.now() / 1000);
  const credential = {
    ...{ server: WISH.server, username: WISH.robot, password: "brc_of_a_benchmark", renewable: true },
    ...{ mintedAt, expiresAt: mintedAt + 3600 },
  };
  writeFileSync(file.value, JSON.stringify({ version: 1, credential }), { mode: 0o600 });
}

function millisecondsOf(args: readonly string[], env: Readonly<Record<string, string>>): number {
  const start = performance.now();
  const { status, stdout } = spawnSync(process.execPath, args, { env, input: REGISTRY, encoding: "utf8" });
  const took = performance.now() - start;
  if (status !== 0) throw new Error(`it ended with ${status}: ${stdout}`);
  return took;
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}
