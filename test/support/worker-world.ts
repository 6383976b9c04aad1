import { stringify } from "yaml";
import { freePort } from "../../demo/free-port.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../../src/domain/accounts/secret.ts";
import { SERVICE, SUBJECT } from "./baseline.ts";
import { ENCRYPTION_KEY } from "./berth-process.ts";
import { startDeployedWorker } from "./deployed-worker.ts";
import { type FakeIssuer, startFakeIssuer } from "./fake-issuer.ts";
import type { Ask } from "./managed-berth.ts";
import { manage } from "./management-calls.ts";
import type { App } from "./requests.ts";
import { workerUnderTest } from "./worker-berth.ts";
import type { Workerd } from "./workerd.ts";

export interface WorkerWorldOptions {
  /** Settings beside the two that every Worker needs; an empty one takes such a setting away. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The bundle that would be deployed, in a runtime of its own, set up as docs/workers.md says. */
export interface WorkerWorld {
  readonly url: string;
  readonly worker: Workerd;
  readonly issuer: FakeIssuer;
  readonly app: App;
  /** With the first API token. */
  readonly operator: Ask;
  close(): Promise<void>;
}

export async function startWorkerWorld(options: WorkerWorldOptions = {}): Promise<WorkerWorld> {
  const underTest = workerUnderTest();
  if (underTest === undefined) throw new Error("no Worker was bundled: run it in the project `workers`");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = newApiTokenSecret(webRandom).expose();
  const worker = await startDeployedWorker({
    script: underTest.script,
    trusted: [underTest.caPem],
    port,
    texts: {
      BERTH_PUBLIC_URL: url,
      BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
      BERTH_BOOTSTRAP_TOKEN: token,
      // A busy machine is no outage.
      BERTH_STORE_TIMEOUT_MS: "20000",
      ...(underTest.redisUrl === undefined
        ? {}
        : { BERTH_REDIS_URL: underTest.redisUrl, BERTH_REDIS_PREFIX: `port-${port}:` }),
      ...options.settings,
    },
  });
  const issuer = await startFakeIssuer();
  const app: App = { request: (input, init) => fetch(new URL(input, url), init) };
  return {
    url,
    worker,
    issuer,
    app,
    operator: (method, path, body, call = {}) =>
      manage(app, method, path, { token, ...(body === undefined ? {} : { body }), ...call }),
    close: async () => {
      await worker.stop();
      await issuer.close();
    },
  };
}

/** Applies the baseline's declaration over the management API, as `berth apply` does. */
export async function applyBaseline(
  world: WorkerWorld,
  registryUrl = "https://registry.example.com",
): Promise<void> {
  const text = stringify({
    issuers: [{ url: world.issuer.url }],
    registries: [{ service: SERVICE, url: registryUrl, token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: [
          {
            name: "builder",
            permissions: [{ repository: "acme/app", role: "write" }],
            rules: [{ issuer: world.issuer.url, subject: SUBJECT }],
          },
        ],
      },
    ],
  });
  const body = { owner: "ci", files: [{ name: "berth.yaml", text }] };
  const applied = await world.operator("POST", "/declarations/apply", body);
  if (applied.status !== 200) throw new Error(`not applied: ${JSON.stringify(applied.body)}`);
}
