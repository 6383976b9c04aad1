import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import type { ClientEnvironment } from "./client-environment.ts";

type Variables = ClientEnvironment["variables"];

/** What the platform says of the machine that the job runs on. */
export interface JobPlace {
  /** Other jobs run, or will run, as the same user on the same disk. */
  readonly isShared: boolean;
  /** For what must not outlive the job; removed with it by most platforms. */
  readonly tempFolder: string;
  /** Tells the job from every other of this machine; undefined where the platform does not. */
  readonly jobId: string | undefined;
}

interface Platform {
  readonly recognises: (variables: Variables) => boolean;
  readonly isShared: (variables: Variables) => boolean;
  readonly tempFolder?: (variables: Variables) => string | undefined;
  /** Variables that together are no other job's. */
  readonly jobIds: readonly string[];
}

const isTrue = (value: string | undefined) => value?.toLowerCase() === "true" || value === "1";
const never = () => false;

/** By each platform's reference of its variables. */
const PLATFORMS: readonly Platform[] = [
  {
    // One runner has one job at a time, and a folder of its own.
    recognises: ({ GITHUB_ACTIONS }) => isTrue(GITHUB_ACTIONS),
    isShared: ({ RUNNER_ENVIRONMENT }) => RUNNER_ENVIRONMENT === "self-hosted",
    tempFolder: ({ RUNNER_TEMP }) => RUNNER_TEMP,
    jobIds: ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "RUNNER_NAME"],
  },
  {
    // Set for the shell and ssh executors alone.
    recognises: ({ GITLAB_CI }) => isTrue(GITLAB_CI),
    isShared: ({ CI_SHARED_ENVIRONMENT }) => isTrue(CI_SHARED_ENVIRONMENT),
    // GitLab's own folder for what must not be in the checkout: the job's file variables are there.
    tempFolder: ({ CI_PROJECT_DIR }) => CI_PROJECT_DIR && `${CI_PROJECT_DIR}.tmp`,
    jobIds: ["CI_JOB_ID"],
  },
  {
    recognises: ({ BUILDKITE }) => isTrue(BUILDKITE),
    isShared: ({ BUILDKITE_COMPUTE_TYPE }) => BUILDKITE_COMPUTE_TYPE === "self-hosted",
    jobIds: ["BUILDKITE_JOB_ID"],
  },
  {
    recognises: ({ TF_BUILD }) => isTrue(TF_BUILD),
    isShared: ({ AGENT_ISSELFHOSTED }) => isTrue(AGENT_ISSELFHOSTED),
    tempFolder: ({ AGENT_TEMPDIRECTORY }) => AGENT_TEMPDIRECTORY,
    jobIds: ["SYSTEM_JOBID", "SYSTEM_JOBATTEMPT"],
  },
  {
    // The branches of a parallel build differ by node and executor only.
    recognises: ({ JENKINS_URL }) => Boolean(JENKINS_URL),
    isShared: () => true,
    tempFolder: ({ WORKSPACE_TMP }) => WORKSPACE_TMP,
    jobIds: ["BUILD_TAG", "NODE_NAME", "EXECUTOR_NUMBER"],
  },
  { recognises: ({ CIRCLECI }) => isTrue(CIRCLECI), isShared: never, jobIds: ["CIRCLE_WORKFLOW_JOB_ID"] },
  { recognises: ({ SEMAPHORE }) => isTrue(SEMAPHORE), isShared: never, jobIds: ["SEMAPHORE_JOB_ID"] },
  {
    recognises: ({ BITBUCKET_BUILD_NUMBER }) => Boolean(BITBUCKET_BUILD_NUMBER),
    isShared: never,
    jobIds: ["BITBUCKET_STEP_UUID"],
  },
];

export function jobPlace(variables: Variables): JobPlace {
  const platform = PLATFORMS.find(({ recognises }) => recognises(variables));
  const ids = platform?.jobIds.map((name) => variables[name] ?? "") ?? [];
  return {
    isShared: platform?.isShared(variables) ?? false,
    tempFolder: platform?.tempFolder?.(variables) || variables.TMPDIR || tmpdir(),
    jobId: ids.some((id) => id !== "") ? ids.join("/") : undefined,
  };
}

/** The job in a file's name or a record: sixteen digits that say nothing. */
export function jobMark({ jobId }: JobPlace): string {
  return jobId === undefined ? "" : createHash("sha256").update(jobId).digest("hex").slice(0, 16);
}
