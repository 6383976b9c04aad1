import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { freePort } from "../../demo/free-port.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../../src/domain/accounts/secret.ts";
import { startBerth } from "../../test/support/berth-process.ts";
import { startDeployedWorker } from "../../test/support/deployed-worker.ts";
import { manage } from "../../test/support/management-calls.ts";
import { type BenchRequest, load } from "../load.ts";
import { benchDeclaration, exchangeRequests, registryTokenRequests, type SigningKey } from "../traffic.ts";

/** A Berth that is measured. */
export interface Contender {
  readonly name: string;
  readonly origin: string;
  /** Starts it again on its store: milliseconds from the start of the process to the answer of the first exchange. */
  restart(): Promise<number>;
  exchanges(count: number): Promise<readonly BenchRequest[]>;
  registryTokens(count: number): Promise<readonly BenchRequest[]>;
  stop(): Promise<void>;
}

/** One that can be started again. */
interface Server {
  readonly url: string;
  /** Ends the process; what it keeps stays. */
  end(): Promise<unknown>;
  start(): Promise<void>;
  stop(): Promise<unknown>;
}

const SETTINGS = {
  BERTH_ENCRYPTION_KEY: `bench:${randomBytes(32).toString("base64")}`,
  BERTH_RATE_LIMIT_PER_SECOND: "0",
};

export async function startNodeContender(folder: string, key: SigningKey): Promise<Contender> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const start = () => startBerth({ declaration: benchDeclaration(key.jwks), folder, port, env: SETTINGS });
  let berth = await start();
  return contender("Node on SQLite", key, {
    url: berth.url,
    stop: () => berth.stop(),
    end: () => berth.stop(),
    start: async () => {
      berth = await start();
    },
  });
}

/** @param script The bundle that would be deployed. */
export async function startWorkerContender(script: string, key: SigningKey): Promise<Contender> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = newApiTokenSecret(webRandom).expose();
  const texts = { ...SETTINGS, BERTH_PUBLIC_URL: url, BERTH_BOOTSTRAP_TOKEN: token };
  const worker = await startDeployedWorker({ script, port, texts });
  const files = [{ name: "berth.yaml", text: benchDeclaration(key.jwks) }];
  const app = { request: (path: string, init?: RequestInit) => fetch(url + path, init) };
  const { status, body } = await manage(app, "POST", "/declarations/apply", { token, body: { files } });
  if (status !== 200) throw new Error(`not applied: ${JSON.stringify(body)}`);
  return contender("Workers on Durable Objects", key, {
    url,
    stop: () => worker.stop(),
    end: () => worker.kill(),
    start: () => worker.restart(),
  });
}

function contender(name: string, key: SigningKey, server: Server): Contender {
  const { url } = server;
  return {
    name,
    origin: url,
    restart: async () => {
      const requests = await exchangeRequests(key, url, 1);
      await server.end();
      const startedAt = performance.now();
      await server.start();
      await load(url, requests, 1);
      return performance.now() - startedAt;
    },
    exchanges: (count) => exchangeRequests(key, url, count),
    registryTokens: (count) => registryTokenRequests({ key, origin: url }, count),
    stop: async () => void (await server.stop()),
  };
}
