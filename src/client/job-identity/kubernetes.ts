import { err, ok } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { clientProblem } from "../client-problem.ts";
import { isGoogleMachine } from "./google.ts";
import { type JobPlatform, variable } from "./job-platform.ts";

const FILE = "/var/run/secrets/berth/token";

/**
 * A pod with a projected token for Berth. Never the pod's default token, which is for the cluster's own API and opens
 * it. A pod on Google's machines without the volume is Google's: its metadata server may have an account for it.
 */
export const kubernetes: JobPlatform = {
  name: "kubernetes",
  title: "Kubernetes",
  recognisedBy: `${FILE}, KUBERNETES_SERVICE_HOST`,
  recognises: async (environment) => {
    if ((await environment.readFile(FILE)).ok) return true;
    return isPod(environment) && !(await isGoogleMachine(environment));
  },
  obtain: async (environment, audience) => {
    // Anew each time: the kubelet replaces it when most of its life is over.
    const read = await environment.readFile(FILE);
    if (read.ok) return ok({ token: read.value.trim(), renewable: true, source: FILE });
    return err(clientProblem("kubernetes_volume_missing", { audience, file: FILE, fault: read.error }));
  },
  otherAudience: (audience) => `On the volume's serviceAccountToken:\n  audience: ${audience}`,
  anotherToken:
    "A pod has the same token until most of its life is over. Whoever runs Berth can set the issuer to `replay: reusable`.",
};

function isPod(environment: ClientEnvironment): boolean {
  return variable(environment, "KUBERNETES_SERVICE_HOST") !== undefined;
}
