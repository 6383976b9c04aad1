import { inject } from "vitest";
import type { PrivateCertificates } from "../support/private-certificates.ts";
import type { WorkerUnderTest } from "../support/worker-berth.ts";

declare module "vitest" {
  interface ProvidedContext {
    worker: WorkerUnderTest;
    issuerCertificates: PrivateCertificates;
  }
}

/** Before each file of the projects: `startTestBerth` and `startFakeIssuer` are then about the Worker. */
process.env.BERTH_TEST_WORKER = JSON.stringify(inject("worker"));
process.env.BERTH_TEST_ISSUER_CERTIFICATES = JSON.stringify(inject("issuerCertificates"));
