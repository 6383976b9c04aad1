import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundleWorker } from "../../scripts/worker-bundle.ts";
import { startDeployedWorker } from "../support/deployed-worker.ts";
import { ISSUER_NAMES } from "../support/fake-issuer.ts";
import { createPrivateCertificates } from "../support/private-certificates.ts";
import { findRedis, startRedis } from "../support/redis-server.ts";
import { findWorkerd } from "../support/workerd.ts";

/** In memory where there is such a folder: each test has 64 objects of its own, each a file that is synced. */
const FAST = "/dev/shm";

/** Bundles the Worker and starts it, for all files of the project. Throws where workerd cannot run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const onRedis = project.name === "workers-redis";
  if (findWorkerd() === undefined) throw new Error("workerd does not run on this machine");
  if (onRedis && findRedis() === undefined) throw new Error("redis is missing: install redis-server");
  const folder = mkdtempSync(join(existsSync(FAST) ? FAST : tmpdir(), "berth-worker-tests-"));
  const certificates = await createPrivateCertificates(ISSUER_NAMES);
  const redis = onRedis ? await startRedis() : undefined;
  const script = await bundleWorker(folder, "test/workerd/main.ts");
  const worker = await startDeployedWorker({ script, parent: folder, trusted: [certificates.caPem] });
  project.provide("worker", {
    url: worker.url,
    script: await bundleWorker(folder),
    caPem: certificates.caPem,
    ...(redis && { redisUrl: redis.url }),
  });
  project.provide("issuerCertificates", certificates);
  return async () => {
    await worker.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
