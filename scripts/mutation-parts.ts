/** A part of the sources that is mutated, and the tests that must notice. */
export interface MutationPart {
  readonly name: string;
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const DOMAIN = ["access", "accounts", "identity", "identity/profiles", "keys", "rules"];

/** Each folder is held by its own tests alone: those of the floors above would hide what they leave open. */
export const PARTS: readonly MutationPart[] = [
  ...DOMAIN.map((folder) => partOf(folder, `src/domain/${folder}`)),
  { name: "domain", mutate: ["src/domain/*.ts"], tests: ["src/domain/*.test.ts"] },
  {
    name: "exchange",
    mutate: ["src/usecases/exchange/*.ts", "src/adapters/oidc/jose-verifier.ts"],
    tests: ["src/usecases/exchange/*.test.ts", "src/adapters/oidc/{jose-verifier*,key-refresh}.test.ts"],
  },
  ...["registry", "management", "upkeep"].map((folder) => partOf(folder, `src/usecases/${folder}`)),
];

function partOf(name: string, folder: string): MutationPart {
  return { name: name.replace("/", "-"), mutate: [`${folder}/*.ts`], tests: [`${folder}/*.test.ts`] };
}

/**
 * What Stryker is told. Mutants of module constants are left out (`ignoreStatic`): each would load every test anew.
 *
 * @param only Files to mutate instead of the part's.
 */
export function strykerConfig(part: MutationPart, only: readonly string[], concurrency: number): object {
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "vitest.mutation.config.ts", related: false },
    mutate: [...(only.length > 0 ? only : part.mutate), "!**/*.test.ts"],
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName: `mutation-${part.name}.json` },
    coverageAnalysis: "perTest",
    ignoreStatic: true,
    checkers: [],
    concurrency,
    // A runner that stays grows with what hung mutants left behind.
    maxTestRunnerReuse: 200,
    timeoutMS: 10_000,
  };
}

/** One worker that keeps its modules: which mutant is alive is looked up when the code runs, so none is loaded anew. */
export function vitestConfig(part: MutationPart): string {
  const test = {
    restoreMocks: true,
    isolate: false,
    testTimeout: 60_000,
    setupFiles: ["./scripts/quick-properties.ts"],
    include: part.tests,
  };
  return `import { defineConfig } from "vitest/config";\nexport default defineConfig(${JSON.stringify({ test })});\n`;
}
