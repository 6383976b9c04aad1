/**
 * Mutation testing with Stryker: `npm run mutation [-- --part domain --mutate src/domain/identity/claims.ts]`.
 * Prints what no test noticed; ends with 1 when less than 85 % of a part was noticed.
 *
 * Stryker reads tsconfig files by TypeScript's old API, which version 7 no longer has. So it runs in a copy of the
 * sources, with TypeScript 6, and is a dependency of that copy alone. Needs npm and its registry; minutes to an hour.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type MutationPart, PARTS, strykerConfig, vitestConfig } from "./mutation-parts.ts";
import { readScore, share } from "./mutation-report.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const TOOLS = ["@stryker-mutator/core@10.1.1", "@stryker-mutator/vitest-runner@10.1.1", "typescript@6.0.3"];
const LEAST_SHARE = 0.85;

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: PARTS.map(({ name }) => name) },
    mutate: { type: "string", multiple: true, default: [] },
    concurrency: { type: "string", default: "2" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "berth-mutation-"));
try {
  copySources();
  for (const part of PARTS.filter(({ name }) => values.part.includes(name))) mutate(part);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function copySources(): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
  });
  for (const file of listed.toString().split("\0").filter(Boolean))
    cpSync(join(ROOT, file), join(folder, file));
  const flags = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  execFileSync("npm", ["install", ...flags, ...TOOLS], { cwd: folder, stdio: "inherit" });
}

function mutate(part: MutationPart): void {
  writeFileSync(join(folder, "vitest.mutation.config.ts"), vitestConfig(part));
  const config = strykerConfig(part, values.mutate, Number(values.concurrency));
  writeFileSync(join(folder, "stryker.config.json"), JSON.stringify(config));
  const run = spawnSync("npx", ["stryker", "run"], { cwd: folder, stdio: "inherit" });
  if (run.status !== 0) throw new Error(`Stryker ended with ${run.status ?? run.signal}`);
  const score = readScore(readFileSync(join(folder, `mutation-${part.name}.json`), "utf8"));
  for (const survivor of score.survivors) console.log(survivor);
  const percent = (share(score) * 100).toFixed(1);
  console.log(`${part.name}: ${percent} % killed (${score.killed}), ${score.survivors.length} survived`);
  if (share(score) < LEAST_SHARE) process.exitCode = 1;
}
