import { expect } from "vitest";
import { findProgram } from "../../support/find-server.ts";
import { berthJob, COMPONENT, PLAIN_TEMPLATE } from "../../support/gitlab-template.ts";
import { showsCredential } from "./credential-shape.ts";
import { MAIN } from "./declaration.ts";
import { gnuImage } from "./gitlab-images.ts";
import { type GitlabJob, type GitlabRun, runGitlabJob } from "./gitlab-job.ts";
import type { SecretWatch } from "./secret-watch.ts";

/** What a test changes of the job. Variables are added to its own. */
export type JobChange = Partial<GitlabJob> & { readonly file?: typeof COMPONENT | typeof PLAIN_TEMPLATE };

/** Where a job runs: a `World` or a `LoneBerth`. */
interface Place {
  readonly berth: { readonly url: string };
  readonly secrets: SecretWatch;
  portOf(service: string): number;
  identityToken(): Promise<string>;
}

/** Where the jobs of these tests log in. */
export function registryOf(world: Place): string {
  return `127.0.0.1:${world.portOf(MAIN)}`;
}

/**
 * Runs a job of `acme+builder` with curl and the plain template, but for the changes. However it goes, nobody may
 * see its secrets: not in what is printed, not in a program's arguments, not in an open file; and nothing stays.
 */
export async function runBuilderJob(world: Place, { file, ...change }: JobChange): Promise<GitlabRun> {
  const inputs = { registry: registryOf(world), robot: "acme+builder", server: world.berth.url };
  const settings = {
    BERTH_REGISTRY: inputs.registry,
    BERTH_ROBOT: inputs.robot,
    BERTH_SERVER: inputs.server,
  };
  const job = await runGitlabJob({
    template: berthJob(file ?? PLAIN_TEMPLATE, inputs),
    image: gnuImage(findProgram("sh") ?? "sh", "curl"),
    script: [],
    ...change,
    variables: {
      ...(file === COMPONENT ? {} : settings),
      BERTH_ID_TOKEN: await world.identityToken(),
      ...change.variables,
    },
  });
  const outputs = [job.main, job.after].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  const seen = [...outputs, job.calls].join("\n");
  expect(world.secrets.foundIn(seen)).toEqual([]);
  expect(showsCredential(seen)).toBe(false);
  expect(job.openFiles).toEqual([]);
  expect(job.left).toEqual([]);
  return job;
}
