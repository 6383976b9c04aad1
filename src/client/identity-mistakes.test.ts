import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { installAgentCommand } from "../../test/support/ci-platforms/agent-command.ts";
import { startSpiffe } from "../../test/support/ci-platforms/spiffe.ts";
import { TokenEndpoint } from "../../test/support/ci-platforms/token-endpoint.ts";
import { expectProblem, lookForIdentity } from "../../test/support/client-mistake.ts";
import type { Result } from "../domain/result.ts";
import type { ClientProblem } from "./client-problem.ts";
import type { IDENTITY_TEXTS } from "./texts/identity-texts.ts";

type Code = keyof typeof IDENTITY_TEXTS;

interface Mistake {
  readonly make: () => Promise<Result<unknown, ClientProblem>>;
  /** Stands in the message or the mend. */
  readonly says: string;
}

/** A job with these variables and no token. */
function job(variables: Readonly<Record<string, string>>, says: string): Mistake {
  return { says, make: () => lookForIdentity({ PATH: "/nowhere", ...variables }) };
}

function fileOfTest(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "berth-mistake-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "file"), text);
  return join(folder, "file");
}

const AUDIENCE = "https://berth.example.com";

const MISTAKES: Readonly<Record<Code, Mistake>> = {
  identity_not_found: job({}, "GitHub Actions (GITHUB_ACTIONS)"),
  identity_file_unreadable: job({ BERTH_IDENTITY_TOKEN_FILE: "/nowhere/token" }, "/nowhere/token"),
  identity_malformed: job(
    { BERTH_IDENTITY_TOKEN: '{"value":"eyJhbGciOi.eyJpc3Mi.c2ln"}' },
    "BERTH_IDENTITY_TOKEN",
  ),
  identity_request_failed: {
    says: "ECONNREFUSED",
    make: async () =>
      lookForIdentity({
        GITHUB_ACTIONS: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${await freePort()}/?x=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
      }),
  },
  identity_request_refused: {
    says: "service account",
    make: async () => {
      const endpoint = await TokenEndpoint.start(() => ({ status: 404, body: "" }));
      onTestFinished(() => endpoint.close());
      return lookForIdentity({ GCE_METADATA_HOST: new URL(endpoint.origin).host });
    },
  },
  identity_command_failed: {
    says: "buildkite-agent oidc request-token",
    make: () => {
      const command = installAgentCommand("buildkite-agent", "process.exit(1);");
      onTestFinished(() => command.remove());
      return lookForIdentity({ BUILDKITE: "true", PATH: command.path });
    },
  },
  github_permission_missing: job({ GITHUB_ACTIONS: "true" }, "id-token: write"),
  github_fork_pull_request: {
    says: "fork mallory/app",
    make: () =>
      lookForIdentity({
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: "pull_request",
        GITHUB_REPOSITORY: "acme/app",
        GITHUB_EVENT_PATH: fileOfTest('{"pull_request":{"head":{"repo":{"full_name":"mallory/app"}}}}'),
      }),
  },
  forgejo_openid_missing: job(
    { GITHUB_ACTIONS: "true", FORGEJO_ACTIONS: "true" },
    "enable-openid-connect: true",
  ),
  gitlab_id_tokens_missing: job({ GITLAB_CI: "true" }, `      aud: ${AUDIENCE}`),
  circleci_token_missing: job({ CIRCLECI: "true", CIRCLE_PR_REPONAME: "app" }, "forked pull requests"),
  buildkite_agent_missing: job({ BUILDKITE: "true" }, "mount-buildkite-agent: true"),
  azure_access_token_missing: job(
    {
      TF_BUILD: "True",
      SYSTEM_OIDCREQUESTURI: "http://127.0.0.1:1/",
      SYSTEM_ACCESSTOKEN: "$(System.AccessToken)",
    },
    "SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
  ),
  bitbucket_oidc_missing: job({ BITBUCKET_BUILD_NUMBER: "1" }, "oidc: true"),
  semaphore_token_missing: job({ SEMAPHORE: "true" }, "SEMAPHORE_OIDC_TOKEN"),
  terraform_audience_missing: job(
    { TFC_RUN_ID: "run-1" },
    `TFC_WORKLOAD_IDENTITY_AUDIENCE_BERTH=${AUDIENCE}`,
  ),
  spacelift_token_missing: job({ TF_VAR_spacelift_run_id: "1" }, "SPACELIFT_OIDC_TOKEN"),
  codefresh_step_missing: job({ CF_BUILD_ID: "1" }, `AUDIENCE: ${AUDIENCE}`),
  vercel_token_missing: job({ VERCEL: "1", VERCEL_OIDC_TOKEN: "" }, "OIDC federation"),
  jenkins_binding_missing: job({ JENKINS_URL: "https://jenkins.example.com/" }, "withCredentials"),
  spiffe_token_missing: {
    says: "gRPC status 7",
    make: async () => {
      const spiffe = await startSpiffe(async () => "", 7);
      onTestFinished(() => spiffe.close());
      return lookForIdentity(spiffe.variables);
    },
  },
  kubernetes_volume_missing: job({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, `audience: ${AUDIENCE}`),
};

const ROWS = Object.entries(MISTAKES) as [Code, Mistake][];

describe("a job without an identity token", () => {
  it.each(ROWS)("is told of %s", async (code, { make, says }) => {
    const { message, mend } = expectProblem(await make(), code);
    expect(`${message}\n${mend}`).toContain(says);
  });
});

describe("the same problem", () => {
  it("of GitHub is no fork's for a pull request of the repository's own", async () => {
    const event = fileOfTest('{"pull_request":{"head":{"repo":{"full_name":"acme/app"}}}}');
    const tried = await lookForIdentity({
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_REPOSITORY: "acme/app",
      GITHUB_EVENT_PATH: event,
    });
    expectProblem(tried, "github_permission_missing");
  });

  it.each([
    ["a socket that is not there", "unix:///nowhere/agent.sock", "cannot be reached (ENOENT)"],
    ["something else than a socket", "/run/agent.sock", "neither unix:///path nor tcp://address:port"],
  ])("of SPIFFE is told for %s", async (_, socket, says) => {
    const { message } = expectProblem(
      await lookForIdentity({ SPIFFE_ENDPOINT_SOCKET: socket }),
      "spiffe_token_missing",
    );
    expect(message).toContain(says);
  });

  it("of GitLab names the tokens that are there", async () => {
    // {"alg":"none"}.{"aud":"x"}.x
    const other = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.eA";
    const tried = await lookForIdentity({ GITLAB_CI: "true", VAULT_ID_TOKEN: other });
    expect(expectProblem(tried, "gitlab_id_tokens_missing").message).toContain(
      "VAULT_ID_TOKEN is for others",
    );
  });
});
