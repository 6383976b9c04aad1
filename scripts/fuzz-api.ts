/**
 * Bounded fuzzing of the API with schemathesis, by its own document: `npm run fuzz:api [-- --seconds 60 --examples 20
 * --seed 42]`. It runs against a real `berth serve` that is ended with it, as an operator. Without python3 and its
 * venv it says so and ends well, unless BERTH_TEST_REQUIRE names schemathesis.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { webRandom } from "../src/adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../src/domain/accounts/secret.ts";
import { startBerth } from "../test/support/berth-process.ts";

const VERSION = "4.32.5";
/** Beyond its time it may finish a request, shrink and report for so long. */
const GRACE_MS = 120_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    examples: { type: "string", default: "20" },
    seed: { type: "string", default: "20261125" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "berth-fuzz-api-"));
try {
  const program = installSchemathesis();
  if (program !== undefined) process.exitCode = await run(program);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Its program, in an environment of its own; undefined where there is no python3 that can make one. */
function installSchemathesis(): string | undefined {
  const environment = join(folder, "venv");
  if (spawnSync("python3", ["-m", "venv", environment], { stdio: "pipe" }).status !== 0) {
    const required = (process.env.BERTH_TEST_REQUIRE ?? "").split(",").includes("schemathesis");
    console.log("schemathesis is left out: there is no python3 with venv here");
    if (required) process.exitCode = 1;
    return undefined;
  }
  const pip = [join(environment, "bin", "pip"), "install", "--quiet", `schemathesis==${VERSION}`] as const;
  const [command, ...args] = pip;
  const installed = spawnSync(command, args, { stdio: "inherit" });
  if (installed.status !== 0) throw new Error(`schemathesis ${VERSION} cannot be installed`);
  return join(environment, "bin", "schemathesis");
}

async function run(program: string): Promise<number> {
  const token = newApiTokenSecret(webRandom).expose();
  const berth = await startBerth({
    declaration: "",
    env: {
      // All that there is, the API has made: nothing is managed elsewhere.
      BERTH_FILE: "",
      BERTH_BOOTSTRAP_TOKEN: token,
      BERTH_RATE_LIMIT_PER_SECOND: "0",
    },
  });
  try {
    await furnish(berth.url, token);
    writeFileSync(join(folder, "schemathesis.toml"), configuration(token));
    const ended = await ending(program, argumentsFor(berth.url));
    const faults = berth
      .output()
      .split("\n")
      .filter((line) => line.includes('"message":"fault"'));
    console.log(`schemathesis ended with ${ended}; faults in Berth's log: ${faults.length}`);
    for (const fault of faults.slice(0, 5)) console.log(fault);
    return ended === 0 && faults.length === 0 ? 0 : 1;
  } finally {
    await berth.stop();
  }
}

/** Its exit code, or the signal that ended it. Berth's output is read meanwhile, or it would wait for that. */
function ending(program: string, args: readonly string[]): Promise<number | string | null> {
  const child = spawn(program, args, {
    cwd: folder,
    stdio: "inherit",
    timeout: Number(values.seconds) * 1000 + GRACE_MS,
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal));
  });
}

function argumentsFor(url: string): readonly string[] {
  return [
    ...["--config-file", "schemathesis.toml", "run", `${url}/openapi.json`],
    ...["--max-time", values.seconds, "--max-examples", values.examples, "--seed", values.seed],
    ...["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color"],
  ];
}

/** The token stands in a file: arguments are for everyone on the machine to read. */
function configuration(token: string): string {
  return `headers = { Authorization = "Bearer ${token}" }
warnings = false

[checks]
# A name's grammar is more than a JSON Schema says: 400 is an answer to a text that the schema lets through.
positive_data_acceptance.enabled = false
`;
}

/** Something to find: most requests would end at a namespace that there is not. */
async function furnish(url: string, token: string): Promise<void> {
  const issuer = "https://token.actions.githubusercontent.com";
  const calls = [
    ["PUT", "/registries/registry.example.com", { url: "https://registry.example.com", token: "x5c" }],
    ["PUT", `/issuers/${encodeURIComponent(issuer)}`, {}],
    ["POST", "/namespaces", { name: "acme" }],
    ["POST", "/namespaces/acme/robots", { name: "builder" }],
    ["POST", "/namespaces/acme/robots/builder/permissions", { repository: "acme/app", role: "write" }],
  ] as const;
  for (const [method, path, body] of calls) {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
}
