/**
 * Measures the Worker's bundle, as `wrangler deploy` would send it: `npm run bundle:worker`. Writes its size beside the
 * sources; with --check it ends with 1 where the bundle has grown by a tenth over what is written there.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "./worker-bundle.ts";

const FILE = fileURLToPath(new URL("../docs/worker-bundle.json", import.meta.url));
const MAX_GROWTH = 1.1;

const folder = mkdtempSync(join(tmpdir(), "berth-worker-"));
const text = readFileSync(await bundleWorker(folder));
rmSync(folder, { recursive: true, force: true });
const size = { bytes: text.byteLength, gzip_bytes: gzipSync(text, { level: 9 }).byteLength };
console.log(`the Worker: ${size.bytes} bytes, ${size.gzip_bytes} compressed`);
if (!process.argv.includes("--check")) {
  writeFileSync(FILE, `${JSON.stringify(size, undefined, 2)}\n`);
} else {
  const before = (JSON.parse(readFileSync(FILE, "utf8")) as typeof size).gzip_bytes;
  if (size.gzip_bytes > before * MAX_GROWTH) {
    console.error(
      `It was ${before} compressed. If that is what it has to be, run \`npm run bundle:worker\`.`,
    );
    process.exitCode = 1;
  }
}
