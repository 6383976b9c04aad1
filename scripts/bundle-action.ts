import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** GitHub runs the action from the repository as it is: what it runs is committed. */
const BUNDLES = [
  { entry: "src/entrypoints/github-action-main.ts", file: "dist/action/main.mjs" },
  { entry: "src/entrypoints/github-action-post.ts", file: "dist/action/post.mjs" },
];

/** Builds the action's files; with `--check`, only says which of them are not what their sources give. */
async function bundleAction(isCheck: boolean): Promise<number> {
  let drifted = 0;
  for (const { entry, file } of BUNDLES) {
    const text = await bundle(entry);
    const there = await readFile(`${ROOT}${file}`, "utf8").catch(() => undefined);
    console.log(`${file}: ${Buffer.byteLength(text)} bytes${there === text ? "" : ", changed"}`);
    if (there === text) continue;
    drifted += 1;
    if (isCheck) continue;
    await mkdir(dirname(`${ROOT}${file}`), { recursive: true });
    await writeFile(`${ROOT}${file}`, text);
  }
  if (!isCheck || drifted === 0) return 0;
  console.error("Run `npm run bundle` and commit what it writes.");
  return 1;
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node24",
    charset: "utf8",
    legalComments: "none",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`${entry}: esbuild gave no file`);
  return output.text;
}

process.exitCode = await bundleAction(process.argv.includes("--check"));
