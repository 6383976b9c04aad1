import type { ProblemTexts } from "./problem-text.ts";

/** No identity token, or none that could be shown. */
export const IDENTITY_TEXTS = {
  identity_not_found: {
    message: "No identity token was found, and this does not look like a job of a platform that gives any.",
    mend: "Looked for: {looked}.\nOn another platform, have its OIDC token written to a file of mode 0600 and name that with --identity-token-file or BERTH_IDENTITY_TOKEN_FILE.",
  },
  identity_file_unreadable: {
    message: "The file {file}, which should hold the identity token, cannot be read: it is {fault}.",
    mend: "Check the path, and that the job's user may read it.",
  },
  identity_malformed: {
    message: "What {source} holds is not an identity token: it is not a JWT of three parts.",
    mend: "It must hold the token alone: no JSON around it, no quotes, no `Bearer` before it.",
  },
  identity_request_failed: {
    message: "{platform} gave no identity token: {host} {fault}.",
    mend: "Run the job again. If it stays so, the runner cannot reach that host: see its network, proxy and CA settings.",
  },
  identity_request_refused: {
    message: "{platform} gave no identity token: {host} answered {status}.",
    mend: "{mend}",
  },
  identity_command_failed: {
    message: "{platform} gave no identity token: {command} {fault}.",
    mend: "{mend}",
  },
  github_permission_missing: {
    message: "This GitHub Actions job may not ask for an identity token.",
    mend: "Add to the job, or to the workflow:\n  permissions:\n    contents: read\n    id-token: write\nA job that calls a reusable workflow needs it there, too.",
  },
  github_fork_pull_request: {
    message: "GitHub gives no identity token to a pull request from the fork {fork}.",
    mend: "Let such runs build without pushing: --if-no-identity skip, or on the step:\n  if: github.event.pull_request.head.repo.full_name == github.repository",
  },
  forgejo_openid_missing: {
    message: "This Forgejo or Gitea job may not ask for an identity token.",
    mend: "In Forgejo 15 or later, add to the job, or to the workflow:\n  enable-openid-connect: true\nGitea, and older Forgejos, give no identity tokens. Pull requests from forks get none anywhere.",
  },
  gitlab_id_tokens_missing: {
    message: "This GitLab job has no identity token for Berth: {found}.",
    mend: "Add to the job:\n  id_tokens:\n    BERTH_ID_TOKEN:\n      aud: {audience}",
  },
  circleci_token_missing: {
    message: "CircleCI gave this job no identity token.",
    mend: "Builds of forked pull requests get none unless the project passes secrets to them. Other jobs have one in CIRCLE_OIDC_TOKEN_V2, and may ask for Berth's audience where the `circleci` command is on PATH.",
  },
  buildkite_agent_missing: {
    message:
      "Buildkite gave no identity token: there is no `buildkite-agent` on PATH, and no agent's access token.",
    mend: "In a container, mount the agent: the docker plugin's `mount-buildkite-agent: true`, or `propagate-environment: true` with BUILDKITE_AGENT_ACCESS_TOKEN.",
  },
  azure_access_token_missing: {
    message: "This Azure DevOps step may not ask for an identity token: SYSTEM_ACCESSTOKEN is not set.",
    mend: "Azure gives it to the steps that map it:\n  env:\n    SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
  },
  bitbucket_oidc_missing: {
    message: "This Bitbucket step has no identity token.",
    mend: "Add to the step:\n  oidc: true\n  # or, for Berth's audience alone:\n  oidc:\n    audiences:\n      - {audience}",
  },
  semaphore_token_missing: {
    message: "Semaphore gave this job no identity token: SEMAPHORE_OIDC_TOKEN is not set.",
    mend: "OpenID Connect must be part of the organization's plan; a job in a container needs the variable passed on.",
  },
  terraform_audience_missing: {
    message: "This HCP Terraform run has no identity token for Berth.",
    mend: "Set on the workspace the environment variable\n  TFC_WORKLOAD_IDENTITY_AUDIENCE_BERTH={audience}",
  },
  spacelift_token_missing: {
    message: "Spacelift gave this run no identity token: neither SPACELIFT_OIDC_TOKEN nor {file} is there.",
    mend: "OpenID Connect is part of Spacelift's paid plans. A run on a private worker needs the workspace mounted.",
  },
  codefresh_step_missing: {
    message: "This Codefresh build has no identity token: ID_TOKEN is not set.",
    mend: "Add before this step:\n  berth_identity:\n    type: obtain-oidc-id-token\n    arguments:\n      AUDIENCE: {audience}",
  },
  vercel_token_missing: {
    message: "Vercel gave this build no identity token: VERCEL_OIDC_TOKEN is not set.",
    mend: "Switch on OIDC federation in the project's settings, under Security, and deploy again.",
  },
  jenkins_binding_missing: {
    message: "Jenkins gave this build no identity token.",
    mend: "Install the plugin `oidc-provider`, create a credential `OpenID Connect id token` with the audience {audience}, and bind it:\n  withCredentials([string(credentialsId: 'berth', variable: 'BERTH_IDENTITY_TOKEN')])",
  },
  spiffe_token_missing: {
    message: "The SPIFFE Workload API at {socket} gave no identity token: {fault}.",
    mend: "Check that SPIFFE_ENDPOINT_SOCKET names the agent's socket, that the job may open it, and that the workload is registered. Or have spiffe-helper write a JWT-SVID to a file, and name that with BERTH_IDENTITY_TOKEN_FILE.",
  },
  kubernetes_volume_missing: {
    message: "This pod has no identity token for Berth: {file} is {fault}.",
    mend: "Mount a projected volume at that file's folder:\n  - name: berth\n    projected:\n      sources:\n        - serviceAccountToken:\n            audience: {audience}\n            expirationSeconds: 600\n            path: token\nThe pod's default token is for the cluster's own API, and is never sent.",
  },
} as const satisfies ProblemTexts;
