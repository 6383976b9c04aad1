import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { AZURE_AUDIENCE, startAzureDevops } from "../support/ci-platforms/azure-devops.ts";
import { startBuildkite } from "../support/ci-platforms/buildkite.ts";
import { startCircleci } from "../support/ci-platforms/circleci.ts";
import { startForgejo } from "../support/ci-platforms/github.ts";
import { startGoogle } from "../support/ci-platforms/google.ts";
import type { SignToken, SimulatedPlatform } from "../support/ci-platforms/simulated-platform.ts";
import { startVariablePlatform, type VARIABLE_PLATFORMS } from "../support/ci-platforms/variables.ts";
import { jobOf, snippetsOf } from "../support/ci-snippets.ts";
import { describeDistribution3, describeWithClient } from "./support/programs.ts";
import { SnippetRunner } from "./support/snippet-runner.ts";
import { type OwnAudience, type SnippetWorld, startSnippetWorld } from "./support/snippet-world.ts";

/** Platforms whose tokens are for themselves, with the claims that a safe rule pins (docs/issuers.md). */
const OWN_AUDIENCES: readonly OwnAudience[] = [
  {
    profile: "azure-devops",
    audience: AZURE_AUDIENCE,
    subject: "p://acme/payments/app",
    claims: { org_id: "0ca3ddd9", prj_id: "271ef6f7", def_id: "1", rpo_ref: "refs/heads/main" },
  },
  {
    profile: "semaphore",
    audience: "https://acme.semaphoreci.com",
    subject: "org:acme:project:936a5312:repo:app:ref_type:branch:ref:refs/heads/main",
    claims: { org_id: "d7dd33ad", prj_id: "936a5312", ref_type: "branch", job_type: "pipeline_job" },
  },
  {
    profile: "spacelift",
    audience: "acme.app.spacelift.io",
    subject: "space:release-01h:stack:app:run_type:TRACKED:scope:write",
    claims: {
      spaceId: "release-01h",
      callerType: "stack",
      callerId: "app",
      runType: "TRACKED",
      scope: "write",
    },
  },
];

type Start = (sign: SignToken, audience: string) => Promise<SimulatedPlatform>;
const inVariable =
  (name: keyof typeof VARIABLE_PLATFORMS): Start =>
  (sign, audience) =>
    startVariablePlatform(name, sign, audience);

/** How each platform of the page is simulated. The others have an interface at a fixed path of the machine. */
const PLATFORMS: Readonly<Record<string, Start>> = {
  circleci: (sign) => startCircleci(sign),
  buildkite: (sign) => startBuildkite(sign),
  jenkins: inVariable("jenkins"),
  bitbucket: inVariable("bitbucket"),
  "azure-devops": startAzureDevops,
  semaphore: inVariable("semaphore"),
  forgejo: startForgejo,
  "hcp-terraform": inVariable("hcp-terraform"),
  spacelift: inVariable("spacelift"),
  codefresh: inVariable("codefresh"),
  vercel: inVariable("vercel"),
  google: startGoogle,
};

describeWithClient("skopeo", () => {
  describeDistribution3("the snippets of docs/ci/platforms.md", (program) => {
    let world: SnippetWorld;
    let runner: SnippetRunner;

    beforeAll(async () => {
      world = await startSnippetWorld(program, OWN_AUDIENCES);
      await pushFirst();
    });
    afterAll(() => world.close());
    beforeEach(() => {
      runner = new SnippetRunner({ berth: world.berth.url, registry: world.registry });
    });
    afterEach(() => runner.close());

    it.each(Object.entries(PLATFORMS))(
      "%s: logs in, reaches the registry, and logs out",
      async (name, start) => {
        const [snippet] = snippetsOf("docs/ci/platforms.md").get(name) ?? [];
        if (snippet === undefined) throw new Error("no snippet");
        const { scripts, variables } = jobOf(snippet);
        const audience = OWN_AUDIENCES.find(({ profile }) => profile === name)?.audience ?? world.berth.url;
        const platform = await start((aud) => world.sign(aud), audience);
        for (const script of scripts) {
          const run = await runner.run(script, { ...platform.variables, ...variables });
          expect(run.code, `${script}\n${run.stderr}`).toBe(0);
        }
        await platform.close();
        expect(runner.calls).toMatch(
          /^(?:berth|node berth\.mjs) login .*\n(?:.*\n)*(?:docker push|crane pull) /m,
        );
        expect(runner.calls.trim()).toMatch(/^(?:berth|node berth\.mjs) logout$/m);
        expect(runner.hasLogin()).toBe(false);
      },
    );

    it.each([
      ["buildkite", { BUILDKITE: "true" }],
      ["jenkins", { JENKINS_URL: "https://jenkins.example.com" }],
    ])("%s: pushes nothing after a login that failed", async (name, variables) => {
      const [snippet] = snippetsOf("docs/ci/platforms.md").get(name) ?? [];
      const { scripts } = jobOf(snippet ?? { language: "sh", text: "" });
      const run = await runner.run(scripts.join("\n"), variables);
      expect(run.code).toBe(1);
      expect(runner.calls).toMatch(/^berth login /m);
      expect(runner.calls).not.toContain("docker push");
    });

    /** What the snippets that pull find there. */
    async function pushFirst(): Promise<void> {
      const setUp = new SnippetRunner({ berth: world.berth.url, registry: world.registry });
      const script =
        "berth login registry.example.com --robot acme+builder && docker push registry.example.com/acme/app:live";
      const run = await setUp.run(script, { BERTH_IDENTITY_TOKEN: await world.sign() });
      setUp.close();
      if (run.code !== 0) throw new Error(run.stderr);
    }
  });
});
