import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Nothing of the machine or the day goes in: the same sources give the same bytes. */
export interface ClientBundle {
  readonly text: string;
  /** The sources that are in it, from the repository's root. */
  readonly inputs: readonly string[];
}

/** A Node that is too old is told so before a name that it lacks ends it. */
const BANNER = `if (Number(process.versions.node.split(".")[0]) < 22) {
  console.error("berth: Node 22 or later is needed, and this is " + process.versions.node);
  process.exit(2);
}`;

/** The client as one file without dependencies. */
export async function bundleClient(): Promise<ClientBundle> {
  const { version } = JSON.parse(await readFile(`${ROOT}package.json`, "utf8")) as { version: string };
  const { outputFiles, metafile } = await build({
    entryPoints: ["src/entrypoints/client.ts"],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    // Old enough for a Node that is too old to read the file and say so.
    target: "node20",
    charset: "utf8",
    legalComments: "none",
    banner: { js: BANNER },
    define: { BERTH_CLIENT_VERSION: JSON.stringify(version) },
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild gave no file");
  return { text: output.text, inputs: Object.keys(metafile.inputs) };
}
