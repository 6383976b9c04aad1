/**
 * The conformance suites that ask a Berth over HTTP alone. Of a test among them that is about the process on Node, a
 * line says that it is skipped (`notAtHand` of test/support/worker-berth.ts).
 */
const BLACK_BOX = [
  "dead-credential",
  "exchange-reasons",
  "oauth-form",
  "quay-exchange",
  "registry-token-requests",
  "registry-token-scopes",
  "retry-key",
  "revocation",
  "single-use",
  "token-classes",
];
/** Those among them that are about times, to the second: the objects' clock is the test's, that of Redis is not. */
const TIMED = ["introspection", "life-and-death", "pinning", "registry-token"];

/** A vitest project in which the Berth of every test is a Worker in the real runtime. */
export function workersProject(name: "workers" | "workers-redis", files: readonly string[]) {
  const suites = name === "workers" ? [...BLACK_BOX, ...TIMED] : BLACK_BOX;
  return {
    extends: true as const,
    test: {
      name,
      include: [...files, ...suites.map((suite) => `test/conformance/${suite}.test.ts`)],
      globalSetup: ["test/workerd/global-setup.ts"],
      setupFiles: ["test/workerd/setup.ts"],
      // The clock of the Worker is the one of the test that runs.
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}
