import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loginCommand } from "../../src/client/commands/login-command.ts";
import { fencesOf, jobOf, snippetsOf } from "../support/ci-snippets.ts";
import { componentInputs } from "../support/gitlab-template.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const PAGES = [
  ...readdirSync(new URL("docs/ci/", ROOT)).map((name) => `docs/ci/${name}`),
  "docs/kubernetes-pulls.md",
];

/** Where a pod's projected token for Berth has to be; the client's own file says so. */
const POD_TOKEN = /"(\/var\/run\/secrets\/\S+)"/.exec(read("src/client/job-identity/kubernetes.ts"))?.[1];

const PLATFORMS = [
  ...["circleci", "buildkite", "jenkins", "bitbucket", "azure-devops", "semaphore", "forgejo"],
  ...["hcp-terraform", "spacelift", "codefresh", "vercel", "fly", "kubernetes", "google"],
];
const snippets = snippetsOf("docs/ci/platforms.md");

it("docs/ci/platforms.md has the platforms that its index names", () => {
  expect([...snippets.keys()]).toEqual(PLATFORMS);
});

describe.each(PLATFORMS)("the snippet for %s", (name) => {
  const [snippet] = snippets.get(name) ?? [];
  const { scripts } = jobOf(snippet ?? { language: "sh", text: "" });
  const shell = scripts.join("\n");

  it("logs in with flags that `berth login` has, and out", () => {
    const [, line = ""] = /(?:berth|berth\.mjs) login ([^)"&\n]*)/.exec(shell) ?? [];
    const { values, positionals } = parseArgs({
      args: line.trim().split(/\s+/),
      options: loginCommand.options,
      allowPositionals: true,
    });
    expect(positionals).toEqual(["registry.example.com"]);
    expect(values.robot).toBe("acme+builder");
    expect(shell).toMatch(/(?:berth|berth\.mjs) logout/);
  });
});

// Its exit code is eval's, which is 0 for a login that failed.
it.each(PAGES)("%s has no script go on after a login that failed", (page) => {
  expect(read(page)).not.toMatch(/eval "\$\$?\(/);
});

it("the pod's token is where the client looks, and for Berth", () => {
  const [snippet] = snippets.get("kubernetes") ?? [];
  const { spec } = (parse(snippet?.text ?? "") as { spec: { template: { spec: PodSpec } } }).spec.template;
  const [{ serviceAccountToken } = { serviceAccountToken: undefined }] =
    spec.volumes[0]?.projected.sources ?? [];
  expect(`${spec.containers[0]?.volumeMounts[0]?.mountPath}/${serviceAccountToken?.path}`).toBe(POD_TOKEN);
  expect(serviceAccountToken?.audience).toBe("https://berth.example.com");
  expect(spec.automountServiceAccountToken).toBe(false);
});

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly { readonly volumeMounts: readonly { readonly mountPath: string }[] }[];
  readonly volumes: readonly {
    readonly projected: {
      readonly sources: readonly {
        readonly serviceAccountToken: { readonly audience: string; readonly path: string };
      }[];
    };
  }[];
}

/** The parts of a document's YAML that this project's own files answer for. */
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, string>> }[];
}

/** The first example of a page that holds `text`. */
function exampleWith(page: string, text: string): unknown {
  return parse(fencesOf(page).find((fence) => fence.text.includes(text))?.text ?? "");
}

const githubJobs = ["README.md", "docs/ci/github-actions.md"].map((page) => {
  const { jobs = {} } = exampleWith(page, "uses: acme/berth") as { jobs?: Record<string, Workflow> };
  return [page, Object.values(jobs)[0]] as const;
});

it.each(githubJobs)(
  "%s: GitHub's job may ask for an identity token, and says what the action takes",
  (_page, job) => {
    const inputs = Object.keys((parse(read("action.yml")) as { inputs: object }).inputs);
    expect(job?.permissions).toMatchObject({ "id-token": "write" });
    const step = job?.steps?.find(({ uses }) => uses?.startsWith("acme/berth"));
    expect(Object.keys(step?.with ?? {})).toEqual(["registry", "robot"]);
    expect(Object.keys(step?.with ?? {}).filter((name) => !inputs.includes(name))).toEqual([]);
  },
);

it.each(["README.md", "docs/ci/gitlab.md"])("%s: GitLab's job gives the component what it needs", (page) => {
  const { include = [], push } = exampleWith(page, "- component:") as {
    include?: { inputs: Record<string, string> }[];
    push?: { extends: string };
  };
  const required = Object.entries(componentInputs()).filter(([, input]) => input.default === undefined);
  expect(Object.keys(include[0]?.inputs ?? {})).toEqual(required.map(([name]) => name));
  expect(push?.extends).toBe(".berth");
});

it.each(PAGES)("%s: its links lead somewhere", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
  const dead = links.filter(
    (link) => !link.startsWith("https:") && !existsSync(new URL(link, new URL(page, ROOT))),
  );
  expect(dead).toEqual([]);
});

// The unscoped package of that name is somebody else's.
it.each(["README.md", ...PAGES])("%s sends nobody to a package that is not ours", (page) => {
  expect(read(page)).not.toMatch(/\bnpx\s+berth\b|npm i(?:nstall)? (?:-\S+ )*berth\b/);
});
