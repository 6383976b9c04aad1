import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../demo/free-port.ts";
import { type Child, startChild } from "../child.ts";
import { type BenchRequest, load } from "../load.ts";
import { benchDeclaration, exchangeRequests, registryTokenRequests, type SigningKey } from "../traffic.ts";

const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;
const EMPTY = new URL("../floors/empty-server.ts", import.meta.url).pathname;

type Env = Readonly<Record<string, string>>;

export interface StartFigures extends Readonly<Record<string, number>> {
  readonly listening: number;
  readonly exchange: number;
  readonly "registry token": number;
}

/**
 * Starts a Berth once, so that the store has its keys, and gives what starts it again with more settings: once for each
 * of the two requests, since the second of one process would find warm what the first has paid for.
 */
export async function prepareStarter(
  folder: string,
  key: SigningKey,
  store: Env,
): Promise<(more: Env) => Promise<StartFigures>> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "berth.json");
  writeFileSync(file, benchDeclaration(key.jwks));
  const env = {
    BERTH_PUBLIC_URL: origin,
    BERTH_LISTEN: `127.0.0.1:${port}`,
    BERTH_DATA_DIR: folder,
    BERTH_FILE: file,
    BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 1).toString("base64")}`,
    ...store,
  };
  const start = (more: Env) => startChild(CLI, { env: { ...env, ...more }, args: ["serve"] });
  const first = await start({});
  const tokens = await registryTokenRequests({ key, origin }, 1);
  await load(origin, tokens, 1);
  await first.stop();
  return async (more) => {
    const exchanged = await timed(() => start(more), await exchangeRequests(key, origin, 1));
    const issued = await timed(() => start(more), tokens);
    return {
      listening: exchanged.listening,
      exchange: exchanged.answered,
      "registry token": issued.answered,
    };
  };
}

/** The same of a server that does nothing. */
export async function startEmptyServer(): Promise<Readonly<Record<string, number>>> {
  const { listening } = await timed(
    () => startChild(EMPTY, { env: {} }),
    [{ method: "GET", path: "/", headers: {} }],
  );
  return { listening };
}

async function timed(start: () => Promise<Child>, requests: readonly BenchRequest[]) {
  const startedAt = performance.now();
  const child = await start();
  const listening = performance.now() - startedAt;
  await load(child.origin, requests, 1);
  const answered = performance.now() - startedAt;
  await child.stop();
  return { listening, answered };
}
