import { azureDevops } from "./azure-devops.ts";
import { bitbucket } from "./bitbucket.ts";
import { buildkite } from "./buildkite.ts";
import { circleci } from "./circleci.ts";
import { codefresh } from "./codefresh.ts";
import { explicit } from "./explicit.ts";
import { fly } from "./fly.ts";
import { forgejo } from "./forgejo.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { hcpTerraform } from "./hcp-terraform.ts";
import { jenkins } from "./jenkins.ts";
import type { JobPlatform } from "./job-platform.ts";
import { kubernetes } from "./kubernetes.ts";
import { semaphore } from "./semaphore.ts";
import { spacelift } from "./spacelift.ts";
import { spiffe } from "./spiffe.ts";
import { vercel } from "./vercel.ts";

/**
 * Every platform, in the order in which they are looked for: what the job names itself, then CI platforms, then what
 * a job of any of them may happen to run on (Kubernetes and Google last: a runner in a pod is its platform's first).
 */
export const PLATFORMS: readonly JobPlatform[] = [
  explicit,
  forgejo,
  github,
  gitlab,
  circleci,
  buildkite,
  azureDevops,
  bitbucket,
  semaphore,
  hcpTerraform,
  spacelift,
  codefresh,
  vercel,
  jenkins,
  fly,
  spiffe,
  kubernetes,
  google,
];

/** The platform that gave an identity. */
export function platformNamed(name: string): JobPlatform {
  return PLATFORMS.find((platform) => platform.name === name) ?? explicit;
}
