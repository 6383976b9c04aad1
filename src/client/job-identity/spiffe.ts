import { err, ok } from "../../domain/result.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, variable } from "./job-platform.ts";
import { fetchJwtSvid } from "./spiffe-workload-api.ts";

/** SPIFFE: the Workload API's socket, whose agent knows the process at its other end. */
export const spiffe: JobPlatform = {
  name: "spiffe",
  title: "SPIFFE",
  recognisedBy: "SPIFFE_ENDPOINT_SOCKET",
  recognises: (environment) => variable(environment, "SPIFFE_ENDPOINT_SOCKET") !== undefined,
  obtain: async (environment, audience) => {
    const socket = variable(environment, "SPIFFE_ENDPOINT_SOCKET") ?? "";
    const fetched = await fetchJwtSvid(socket, audience);
    if (fetched.ok) return ok({ token: fetched.value, renewable: true, source: socket });
    return err(clientProblem("spiffe_token_missing", { socket, fault: fetched.error }));
  },
  otherAudience: (audience) => `Have the JWT-SVID made for the audience ${audience}.`,
  anotherToken:
    "The Workload API may give the same token until half its life is over: log in once, for all registries.",
};
