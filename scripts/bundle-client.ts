/**
 * Bundles the client: `npm run bundle`. With --check it writes nothing, and ends with 1 where the file that is there is
 * another one.
 */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleClient } from "./client-bundle.ts";

const FOLDER = fileURLToPath(new URL("../dist/client/", import.meta.url));
const NAME = "berth.mjs";

const { text } = await bundleClient();
const isThere = (await readFile(FOLDER + NAME, "utf8").catch(() => undefined)) === text;
console.log(`dist/client/${NAME}: ${Buffer.byteLength(text)} bytes${isThere ? "" : ", changed"}`);
if (!isThere && process.argv.includes("--check")) {
  console.error("Run `npm run bundle` and commit what it writes.");
  process.exitCode = 1;
} else if (!isThere) {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(FOLDER + NAME, text);
  await chmod(FOLDER + NAME, 0o755);
}
