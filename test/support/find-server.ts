import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "vitest";

/** How to get what a test may need, by its name in `BERTH_TEST_REQUIRE`. */
const HOW_TO_GET: Readonly<Record<string, string>> = {
  redis: `install redis-server or valkey-server, or set ${urlVariable("redis")}`,
  valkey: "put valkey-server on PATH or in BERTH_TEST_BIN",
  redis62: "put a redis-server of 6.2 in BERTH_TEST_BIN as redis-server-6.2, as .ci/run does",
  release: "clone the repository with its history, and install git and tar",
  registry: "install docker-registry (distribution 2.8)",
  registry3: "build distribution 3 with Go, as .ci/run does",
  workerd: "npm ci brings it, for Linux with glibc 2.35 or later, macOS and Windows",
  zot: "put zot on PATH or in BERTH_TEST_BIN",
  crane: "build crane with Go, as .ci/run does",
  oras: "build oras with Go, as .ci/run does",
};

/** The variable that names a server which runs already: `BERTH_TEST_REDIS_URL`. */
function urlVariable(need: string): string {
  return `BERTH_TEST_${need.toUpperCase()}_URL`;
}

/** The server that the environment names. It is shared: a test leaves nothing behind there, and never stops it. */
export function findServerUrl(need: string): string | undefined {
  return process.env[urlVariable(need)];
}

/** The full path of a program, in the folder `BERTH_TEST_BIN` or on PATH. */
export function findProgram(program: string): string | undefined {
  return [process.env.BERTH_TEST_BIN ?? "", ...(process.env.PATH ?? "").split(delimiter)]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/**
 * A suite that runs with what was found. With nothing found it is skipped, with one line that says what is
 * missing; where `BERTH_TEST_REQUIRE` (`redis,registry,…`) names it, it fails.
 */
export function describeWith<Found>(
  need: string,
  found: Found | undefined,
  name: string,
  suite: (found: Found) => void,
): void {
  if (found !== undefined) {
    describe(name, () => suite(found));
    return;
  }
  const missing = `${need} is missing: ${HOW_TO_GET[need] ?? `install ${need}`}`;
  if (isRequired(need)) {
    describe(name, () => {
      it("has what it needs", () => {
        throw new Error(missing);
      });
    });
    return;
  }
  console.warn(`skipped: ${name}: ${missing}`);
  describe.skip(name, () => {
    it(missing, () => undefined);
  });
}

function isRequired(need: string): boolean {
  return (process.env.BERTH_TEST_REQUIRE ?? "").split(",").includes(need);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
