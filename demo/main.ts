/**
 * Berth's main job on the embedded default, for real and over HTTP: an identity token in, a registry credential
 * out, a registry token verified as a registry would. `--once` ends after the steps; otherwise it stays up.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../src/entrypoints/node.ts";
import { demoDeclaration } from "./declaration.ts";
import { freePort } from "./free-port.ts";
import { startIssuer } from "./issuer.ts";
import { printWhatToTry } from "./next-steps.ts";
import { runSteps } from "./steps.ts";

const once = process.argv.includes("--once");
const folder = mkdtempSync(join(tmpdir(), "berth-demo-"));
const port = await freePort();
const registryPort = await freePort();
const berth = `http://127.0.0.1:${port}`;

const issuer = await startIssuer();
const caFile = join(folder, "issuer-ca.pem");
writeFileSync(caFile, issuer.caPem);
const file = join(folder, "berth.yaml");
writeFileSync(file, demoDeclaration(issuer, `http://127.0.0.1:${registryPort}`));

const logFile = join(folder, "berth.log");
const server = await startServer(
  {
    BERTH_PUBLIC_URL: berth,
    BERTH_LISTEN: `127.0.0.1:${port}`,
    BERTH_DATA_DIR: join(folder, "data"),
    BERTH_FILE: file,
    BERTH_ENCRYPTION_KEY: `demo:${randomBytes(32).toString("base64")}`,
  },
  (line) => writeFileSync(logFile, line, { flag: "a" }),
);
console.log(`Berth ${berth} (SQLite), a CI platform ${issuer.url}, both made for this demo.`);

const close = async () => {
  await server.close();
  issuer.close();
  rmSync(folder, { recursive: true, force: true });
};

try {
  const registry = await runSteps({ berth, issuer, folder, registryPort, keepRegistry: !once });
  if (once) {
    registry?.close();
    await close();
  } else {
    printWhatToTry({
      berth,
      issuer,
      caFile,
      file,
      logFile,
      registryPort: registry ? registryPort : undefined,
    });
    process.once("SIGINT", () => {
      registry?.close();
      void close();
    });
  }
} catch (fault) {
  console.error(`\nThe demo failed: ${fault instanceof Error ? fault.message : String(fault)}`);
  await close();
  process.exitCode = 1;
}
