import type { ClientEnvironment } from "../client-environment.ts";
import { type JobPlatform, variable } from "./job-platform.ts";
import { requestToken, withParameter } from "./token-request.ts";

/** What Google's own libraries take for a sign that the metadata server is there, without asking the network. */
const PRODUCT_FILE = "/sys/class/dmi/id/product_name";
const VARIABLES = ["GCE_METADATA_HOST", "K_SERVICE", "CLOUD_RUN_JOB"];

/** Google Cloud: the metadata server, with the service account of the machine, job or pod. */
export const google: JobPlatform = {
  name: "google",
  title: "Google Cloud",
  recognisedBy: VARIABLES.join(", "),
  recognises: isGoogleMachine,
  obtain: (environment, audience) => {
    const host = variable(environment, "GCE_METADATA_HOST") ?? "metadata.google.internal";
    const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/identity?format=full`;
    return requestToken(environment, {
      platform: "Google Cloud",
      method: "GET",
      url: withParameter(url, "audience", audience),
      headers: { "metadata-flavor": "Google" },
      direct: true,
      mend: "Attach a service account to the machine or job; in GKE, bind the pod's service account to one, or mount a projected token for Berth.",
    });
  },
  otherAudience: () =>
    "The client asks Google for Berth's audience by itself: give it no token of your own making.",
  anotherToken: "The metadata server may give the same token for a while: log in once, for all registries.",
};

export async function isGoogleMachine(environment: ClientEnvironment): Promise<boolean> {
  if (VARIABLES.some((name) => variable(environment, name) !== undefined)) return true;
  const product = await environment.readFile(PRODUCT_FILE);
  return product.ok && product.value.startsWith("Google");
}
