import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { AZURE_AUDIENCE, startAzureDevops } from "../../../test/support/ci-platforms/azure-devops.ts";
import { startBuildkite } from "../../../test/support/ci-platforms/buildkite.ts";
import { CIRCLE_ORGANIZATION, startCircleci } from "../../../test/support/ci-platforms/circleci.ts";
import { startFly } from "../../../test/support/ci-platforms/fly.ts";
import { startForgejo, startGitHub } from "../../../test/support/ci-platforms/github.ts";
import { startGoogle } from "../../../test/support/ci-platforms/google.ts";
import { jobEnvironment } from "../../../test/support/ci-platforms/job-environment.ts";
import type { SignToken, SimulatedPlatform } from "../../../test/support/ci-platforms/simulated-platform.ts";
import { startSpiffe } from "../../../test/support/ci-platforms/spiffe.ts";
import {
  startPod,
  startVariablePlatform,
  VARIABLE_PLATFORMS,
} from "../../../test/support/ci-platforms/variables.ts";
import { type FakeIssuer, startFakeIssuer } from "../../../test/support/fake-issuer.ts";
import { ownAudiences, ownClaims } from "../own-claims.ts";
import { PLATFORMS } from "./all.ts";
import { findJobIdentity } from "./find-job-identity.ts";

const SERVER = "https://berth.example.com";

let issuer: FakeIssuer;
beforeAll(async () => {
  issuer = await startFakeIssuer();
});
afterAll(() => issuer.close());

const sign: SignToken = (audience) => issuer.sign({ aud: audience });

interface Row {
  readonly platform: string;
  readonly start: () => Promise<SimulatedPlatform>;
  readonly renewable: boolean;
  /** The token's audience, where the platform does not give it for Berth. */
  readonly audience?: string;
  readonly what: string;
}

const VARIABLES = Object.keys(VARIABLE_PLATFORMS) as readonly (keyof typeof VARIABLE_PLATFORMS)[];

const ROWS: readonly Row[] = [
  { platform: "github", what: "by request", start: () => startGitHub(sign), renewable: true },
  { platform: "forgejo", what: "by request", start: () => startForgejo(sign), renewable: true },
  { platform: "circleci", what: "by command", start: () => startCircleci(sign), renewable: true },
  {
    platform: "circleci",
    what: "without its command",
    start: () => startCircleci(sign, { hasCommand: false }),
    renewable: false,
    audience: CIRCLE_ORGANIZATION,
  },
  { platform: "buildkite", what: "by command", start: () => startBuildkite(sign), renewable: true },
  {
    platform: "buildkite",
    what: "without its command",
    start: () => startBuildkite(sign, { hasCommand: false }),
    renewable: true,
  },
  {
    platform: "azure-devops",
    what: "by request",
    start: () => startAzureDevops(sign),
    renewable: true,
    audience: AZURE_AUDIENCE,
  },
  { platform: "fly", what: "by socket", start: () => startFly(sign), renewable: true },
  { platform: "spiffe", what: "by socket", start: () => startSpiffe(sign), renewable: true },
  { platform: "kubernetes", what: "by file", start: () => startPod(sign, SERVER), renewable: true },
  { platform: "google", what: "by request", start: () => startGoogle(sign), renewable: true },
  ...VARIABLES.map(
    (name): Row => ({
      // Jenkins' binding has the name that every job may use.
      platform: name === "jenkins" ? "explicit" : name,
      what: `by the variable of ${name}`,
      start: () => startVariablePlatform(name, sign, SERVER),
      renewable: false,
    }),
  ),
];

describe("a job's identity token", () => {
  it.each(ROWS)("is found on $platform, $what", async ({ platform, start, renewable, audience = SERVER }) => {
    const simulated = await start();
    onTestFinished(() => simulated.close());
    const found = await findJobIdentity(jobEnvironment(simulated), SERVER);
    const token = found.ok ? found.value.token : "";
    expect(found).toEqual({ ok: true, value: { token, platform, renewable } });
    expect(ownAudiences(ownClaims(token) ?? new Map())).toEqual([audience]);
  });

  it("has a row for every platform but Jenkins, which has no name of its own for it", () => {
    const rows = new Set(ROWS.map(({ platform }) => platform));
    expect(PLATFORMS.map(({ name }) => name).filter((name) => !rows.has(name))).toEqual(["jenkins"]);
  });

  it("is what the job names itself, before any platform's", async () => {
    const simulated = await startGitHub(sign);
    onTestFinished(() => simulated.close());
    const token = await sign("another");
    const found = await findJobIdentity(jobEnvironment(simulated, { BERTH_IDENTITY_TOKEN: token }), SERVER);
    expect(found).toMatchObject({ ok: true, value: { token, platform: "explicit" } });
    expect(simulated.requests).toEqual([]);
  });

  it("is a file's before a variable's, without the line break at its end", async () => {
    const pod = await startPod(async (audience) => `${await sign(audience)}\n`, SERVER);
    onTestFinished(() => pod.close());
    const file = pod.paths?.["/var/run/secrets/berth/token"];
    const environment = jobEnvironment(
      { variables: {} },
      { BERTH_IDENTITY_TOKEN_FILE: file, BERTH_IDENTITY_TOKEN: "not.this.one" },
    );
    const found = await findJobIdentity(environment, SERVER);
    expect(found).toMatchObject({ ok: true, value: { platform: "explicit", renewable: true } });
    expect(found.ok && /^[\w.-]+$/.test(found.value.token)).toBe(true);
  });

  it("of a runner in a pod is its platform's, and not the pod's", async () => {
    const simulated = await startGitHub(sign);
    const pod = await startPod(sign, SERVER);
    onTestFinished(() => Promise.all([simulated.close(), pod.close()]).then(() => undefined));
    const both = { variables: { ...pod.variables, ...simulated.variables }, paths: pod.paths ?? {} };
    expect(await findJobIdentity(jobEnvironment(both), SERVER)).toMatchObject({
      value: { platform: "github" },
    });
  });

  it("of a pod at Google without a volume is Google's", async () => {
    const simulated = await startGoogle(sign);
    onTestFinished(() => simulated.close());
    const environment = jobEnvironment(simulated, { KUBERNETES_SERVICE_HOST: "10.0.0.1" });
    expect(await findJobIdentity(environment, SERVER)).toMatchObject({ value: { platform: "google" } });
  });

  it("of GitLab is that for Berth, by whatever name", async () => {
    const [ours, other] = await Promise.all([sign(SERVER), sign("https://vault.example.com")]);
    const variables = { GITLAB_CI: "true", A_ID_TOKEN: other, REGISTRY_ID_TOKEN: ours };
    const found = await findJobIdentity(jobEnvironment({ variables }), SERVER);
    expect(found).toMatchObject({ ok: true, value: { token: ours, platform: "gitlab" } });
  });

  it("is asked for by the audience that BERTH_AUDIENCE names, for the server of BERTH_SERVER alone", async () => {
    const simulated = await startGitHub(sign);
    onTestFinished(() => simulated.close());
    const variables = { BERTH_SERVER: `${SERVER}/`, BERTH_AUDIENCE: "berth" };
    const environment = jobEnvironment(simulated, variables);
    await findJobIdentity(environment, SERVER);
    await findJobIdentity(environment, "https://other.example.com");
    const audiences = simulated.requests.map(({ url }) => new URL(url, SERVER).searchParams.get("audience"));
    expect(audiences).toEqual(["berth", "https://other.example.com"]);
  });
});

describe("asking a platform again", () => {
  it("waits as Retry-After says, and asks until it has an answer", async () => {
    const simulated = await startGitHub(sign);
    onTestFinished(() => simulated.close());
    simulated.endpoint.faults.push(
      { status: 503, body: "", headers: { "retry-after": "7" } },
      { status: 429, body: "" },
    );
    const environment = jobEnvironment(simulated);
    const start = environment.now();
    expect((await findJobIdentity(environment, SERVER)).ok).toBe(true);
    expect(environment.clock.waits[0]).toBe(start + 7000);
    expect(simulated.requests).toHaveLength(3);
  });

  it("ends at a refusal", async () => {
    const simulated = await startGitHub(sign);
    onTestFinished(() => simulated.close());
    simulated.endpoint.faults.push({ status: 403, body: "" });
    const found = await findJobIdentity(jobEnvironment(simulated), SERVER);
    expect(found).toMatchObject({ ok: false, error: { code: "identity_request_refused" } });
    expect(simulated.requests).toHaveLength(1);
  });

  it("ends after a minute", async () => {
    const simulated = await startGitHub(sign);
    onTestFinished(() => simulated.close());
    simulated.endpoint.faults.push(...Array(100).fill({ status: 500, body: "" }));
    const environment = jobEnvironment(simulated);
    const start = environment.now();
    expect(await findJobIdentity(environment, SERVER)).toMatchObject({
      error: { code: "identity_request_refused", message: expect.stringContaining("status 500") },
    });
    expect(environment.now() - start).toBeLessThan(60_000);
    expect(environment.now() - start).toBeGreaterThan(50_000);
  });
});
