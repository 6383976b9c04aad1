import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

export interface ZotOptions {
  readonly program: string;
  readonly port: number;
  readonly service: string;
  readonly berthUrl: string;
  /** The one certificate that it believes; it checks neither issuer nor audience. */
  readonly certificatePem: string;
}

/** Starts zot with an empty storage; resolves when it answers. */
export async function startZot(options: ZotOptions): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "berth-zot-"));
  const cert = join(folder, "berth-key.pem");
  writeFileSync(cert, options.certificatePem);
  const file = join(folder, "zot.json");
  const bearer = { realm: `${options.berthUrl}/v2/auth`, service: options.service, cert };
  const configuration = {
    distSpecVersion: "1.1.0",
    storage: { rootDirectory: join(folder, "images") },
    http: { address: "127.0.0.1", port: String(options.port), auth: { bearer } },
    log: { level: "info" },
  };
  writeFileSync(file, JSON.stringify(configuration));
  // Its log has no line for the moment at which it listens.
  const server = await startServerProcess(options.program, ["serve", file], '"message":"');
  await untilItAnswers(`http://127.0.0.1:${options.port}/v2/`);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} did not answer within 10 seconds`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status > 0;
  } catch {
    return false;
  }
}
