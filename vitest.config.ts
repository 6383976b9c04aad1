import { defineConfig } from "vitest/config";
import { workersProject } from "./test/workerd/project.ts";

/** `npm test` runs unit, contracts and conformance; `.ci/run` adds the rest, which need other programs or minutes. */
export default defineConfig({
  test: {
    restoreMocks: true,
    // Files share a worker's modules, which hold no state of their own: starting anew for each took half the time.
    isolate: false,
    coverage: {
      include: ["src/domain/**/*.ts", "src/usecases/**/*.ts"],
      exclude: ["**/*.test.ts"],
      thresholds: { branches: 100 },
    },
    projects: [
      workersProject("workers", ["test/workerd/**/*.test.ts"]),
      workersProject("workers-redis", ["test/workerd/{restart,one-credential,push}.test.ts"]),
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "test/support/**/*.test.ts",
            "chaos/**/*.test.ts",
            "test/layout/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "contracts",
          include: ["test/contracts/**/*.test.ts"],
          exclude: ["test/contracts/durable-object-*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "durable-objects",
          include: ["test/contracts/durable-object-*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: "topologies",
          include: [
            "test/contracts/redis-{audit-log,directory,ledger,management}.test.ts",
            "test/topologies/**/*.test.ts",
          ],
          env: { BERTH_TEST_TOPOLOGIES: "fleets" },
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "interop",
          include: ["test/interop/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "resilience",
          include: ["test/resilience/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
