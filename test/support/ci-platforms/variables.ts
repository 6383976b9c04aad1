import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";

/** How a job of each platform that hands its token over in a variable is told, and which variable it is. */
export const VARIABLE_PLATFORMS = {
  gitlab: { mark: { GITLAB_CI: "true" }, variable: "BERTH_ID_TOKEN" },
  bitbucket: { mark: { BITBUCKET_BUILD_NUMBER: "12" }, variable: "BITBUCKET_STEP_OIDC_TOKEN" },
  semaphore: { mark: { SEMAPHORE: "true" }, variable: "SEMAPHORE_OIDC_TOKEN" },
  "hcp-terraform": {
    mark: { TFC_RUN_ID: "run-8xQnEUDBxZ2aYwLs" },
    variable: "TFC_WORKLOAD_IDENTITY_TOKEN_BERTH",
  },
  spacelift: { mark: { TF_VAR_spacelift_run_id: "01H" }, variable: "SPACELIFT_OIDC_TOKEN" },
  codefresh: { mark: { CF_BUILD_ID: "5f0d" }, variable: "ID_TOKEN" },
  vercel: { mark: { VERCEL: "1" }, variable: "VERCEL_OIDC_TOKEN" },
  jenkins: { mark: { JENKINS_URL: "https://jenkins.example.com/" }, variable: "BERTH_IDENTITY_TOKEN" },
} as const;

/** A job of a platform that hands its token over in a variable. */
export async function startVariablePlatform(
  name: keyof typeof VARIABLE_PLATFORMS,
  sign: SignToken,
  audience: string,
): Promise<SimulatedPlatform> {
  const { mark, variable } = VARIABLE_PLATFORMS[name];
  const variables = { ...mark, [variable]: await sign(audience) };
  return { variables, requests: [], close: async () => undefined };
}

/** A pod with a projected service account token for Berth. */
export async function startPod(sign: SignToken, audience: string): Promise<SimulatedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), "berth-pod-"));
  const file = join(folder, "token");
  writeFileSync(file, await sign(audience), { mode: 0o600 });
  return {
    variables: { KUBERNETES_SERVICE_HOST: "10.0.0.1" },
    paths: { "/var/run/secrets/berth/token": file },
    requests: [],
    close: async () => rmSync(folder, { recursive: true }),
  };
}
