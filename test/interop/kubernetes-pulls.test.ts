import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";
import { SERVICE } from "../support/baseline.ts";
import { type BerthProcess, startBerth } from "../support/berth-process.ts";
import { fencesOf } from "../support/ci-snippets.ts";
import { describeWith, findProgram } from "../support/find-server.ts";
import { berthCommand } from "./support/berth-command.ts";
import { CiJob } from "./support/ci-job.ts";
import { type Run, runCommand } from "./support/command.ts";
import { KubernetesApi } from "./support/kubernetes-api.ts";
import { SecretWatch } from "./support/secret-watch.ts";
import { programsOfMachine, watchPrograms } from "./support/watched-programs.ts";

const CLI = new URL("../../src/entrypoints/cli.ts", import.meta.url).pathname;
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const BEARER = "service-account-token-of-the-job";

const [declaration, manifests, apiToken] = fencesOf("docs/kubernetes-pulls.md").map(({ text }) => text);
const objects = parseAllDocuments(manifests ?? "").map((document) => document.toJS() as Manifest);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly rules?: unknown;
  readonly spec?: { readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: Pod } } } };
}

interface Pod {
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly volumeMounts: readonly Mount[];
  }[];
  readonly volumes: readonly { readonly name: string }[];
}

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

const pod = objects.find(({ kind }) => kind === "CronJob")?.spec?.jobTemplate.spec.template.spec;
const [container] = pod?.containers ?? [];

describe("the manifests of docs/kubernetes-pulls.md", () => {
  it("are one namespace's, and of one name", () => {
    expect(objects.map(({ kind }) => kind)).toEqual([
      "Secret",
      "ServiceAccount",
      "Role",
      "RoleBinding",
      "CronJob",
    ]);
    expect(new Set(objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))).toEqual(
      new Set(["apps/berth-pull"]),
    );
  });

  it("let the job write its one Secret, and nothing else", () => {
    expect(objects.find(({ kind }) => kind === "Role")?.rules).toEqual([
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["berth-pull"], verbs: ["patch"] },
    ]);
  });

  it("mount every volume that there is", () => {
    const mounted = container?.volumeMounts.map(({ name }) => name);
    expect(mounted).toEqual(pod?.volumes.map(({ name }) => name));
  });
});

describeWith("curl", findProgram("curl"), "the rotation of docs/kubernetes-pulls.md", () => {
  let berth: BerthProcess;
  let job: CiJob;
  let api: KubernetesApi;
  let folder: string;
  let operator: string;
  let runs: number;
  const secrets = new SecretWatch();

  beforeAll(async () => {
    const registries = [{ service: SERVICE, url: "https://registry.example.com", token: "x5c" }];
    berth = await startBerth({ declaration: stringify({ ...parse(declaration ?? ""), registries }) });
    job = new CiJob(berth.url);
    operator = (await berthCommand(berth, "admin", "bootstrap")).stdout.trim();
  });
  afterAll(async () => {
    await job.close();
    await berth.stop();
  });
  beforeEach(async () => {
    api = await KubernetesApi.start(BEARER);
    folder = mkdtempSync(join(tmpdir(), "berth-kubernetes-"));
    for (const name of ["account", "berth-api"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "account", "token"), BEARER);
    writeFileSync(join(folder, "account", "ca.crt"), "");
    runs = 0;
    expect(await makeApiToken()).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The document's own command, with the operator's token, and `kubectl` for a file. */
  function makeApiToken(): Promise<Run> {
    const file = join(folder, "berth-api", "token");
    const bin = join(folder, "operator");
    mkdirSync(bin);
    const { path } = watchPrograms(bin, {
      ...{ berth: `exec ${process.execPath} ${CLI} "$@"`, kubectl: `exec cat >${file}` },
    });
    const env = { PATH: `${path}:${process.env.PATH}`, BERTH_SERVER: berth.url, BERTH_TOKEN: operator };
    return runCommand(findProgram("sh") ?? "sh", ["-ec", apiToken ?? ""], { env });
  }

  /** The job of one day. Whoever looks at the machine sees none of its secrets. */
  async function rotate(): Promise<Run> {
    runs += 1;
    const place = join(folder, `run-${runs}`);
    mkdirSync(join(place, "work"), { recursive: true });
    const programs = watchPrograms(place, programsOfMachine("curl", "sed", "cat", "base64", "tr"));
    const script = (container?.args[0] ?? "")
      .replace("cd /work", `cd ${join(place, "work")}`)
      .replaceAll(ACCOUNT, join(folder, "account"))
      .replaceAll("/var/run/secrets/berth-api", join(folder, "berth-api"))
      .replaceAll("https://kubernetes.default.svc", api.origin)
      .replaceAll("https://berth.example.com", berth.url);
    const run = await runCommand(findProgram("sh") ?? "sh", ["-ec", script], {
      env: { PATH: programs.path },
    });
    secrets.addPassword(readFileSync(join(folder, "berth-api", "token"), "utf8").trim());
    secrets.addPassword(BEARER);
    if (run.code === 0) secrets.addPassword(pullLogin().password);
    expect(secrets.foundIn(programs.calls() + run.stdout + run.stderr)).toEqual([]);
    expect(programs.openFiles()).toEqual([]);
    return run;
  }

  /** What Berth has of the robot account; a new token would make it another version. */
  async function robotVersion(): Promise<string | null> {
    const url = `${berth.url}/api/v1/namespaces/acme/robots/apps-puller`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${operator}` } });
    return answer.headers.get("etag");
  }

  function pullLogin() {
    const { auth = "" } = api.dockerConfig()[SERVICE] ?? {};
    const [username = "", password = ""] = Buffer.from(auth, "base64").toString().split(":");
    return { username, password };
  }

  it("writes a token that pulls, and the one before is good for its hour of grace", async () => {
    expect(await rotate()).toEqual({
      code: 0,
      stdout: "acme+apps-puller has a new robot token\n",
      stderr: "",
    });
    const first = pullLogin();
    expect(await rotate()).toMatchObject({ code: 0 });
    const second = pullLogin();
    expect(second.username).toBe("acme+apps-puller");
    expect(second.password).not.toBe(first.password);
    for (const login of [first, second]) {
      await expect(job.registryToken(login, SERVICE, "repository:acme/app:pull")).resolves.toMatch(/^eyJ/);
    }
  });

  it("makes no token that it could not keep", async () => {
    expect(await rotate()).toMatchObject({ code: 0 });
    const before = pullLogin();
    const version = await robotVersion();
    api.refusals.push(403);
    expect(await rotate()).toMatchObject({ code: 22, stdout: "" });
    expect(version).toMatch(/^"/);
    expect(await robotVersion()).toBe(version);
    await expect(job.registryToken(before, SERVICE, "")).resolves.toMatch(/^eyJ/);
  });

  it("tries again to write what it was handed", async () => {
    const before = api.writes.length;
    api.refusals.push(200, 503);
    expect(await rotate()).toMatchObject({ code: 0 });
    expect(api.writes.length - before).toBe(3);
    await expect(job.registryToken(pullLogin(), SERVICE, "")).resolves.toMatch(/^eyJ/);
  });
});
