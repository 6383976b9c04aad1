import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { freePort } from "../../demo/free-port.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../../src/domain/accounts/secret.ts";
import { SUBJECT } from "../support/baseline.ts";
import { type BerthProcess, startBerth } from "../support/berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "../support/fake-issuer.ts";
import { findProgram } from "../support/find-server.ts";
import { berthCommand } from "./support/berth-command.ts";
import { CiJob } from "./support/ci-job.ts";
import { type Run, runCommand } from "./support/command.ts";
import { startDistribution } from "./support/distribution.ts";
import { LAYOUT_TAG, writeImageLayout } from "./support/image-layout.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import type { ServerProcess } from "./support/server-process.ts";

const SCRIPT = new URL("../../demo/quay-user.sh", import.meta.url).pathname;
const SERVICE = "quay-user.test";
const TOKEN = newApiTokenSecret(webRandom).expose();

describeDistributions("the script of a Quay user", (program) => {
  let folder: string;
  let issuer: FakeIssuer;
  let berth: BerthProcess;
  let registry: ServerProcess;
  let host: string;

  /** Berth knows an issuer and a registry, which its operator named, and nothing else. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "berth-quay-user-"));
    issuer = await startFakeIssuer();
    berth = await startBerth({ declaration: "", env: { BERTH_FILE: "", BERTH_BOOTSTRAP_TOKEN: TOKEN } });
    const port = await freePort();
    host = `127.0.0.1:${port}`;
    const trusted = { url: issuer.url, ca_pem: issuer.caPem, private_network: true };
    await operator("issuers", "put", file("issuer.yaml", stringify(trusted)));
    const served = { service: SERVICE, url: `http://${host}`, token: "x5c" };
    await operator("registries", "put", file("registry.yaml", stringify(served)));
    const job = new CiJob(berth.url);
    const trust = { caPem: await job.caPem() };
    await job.close();
    registry = await startDistribution({ program, service: SERVICE, trust, port, berthUrl: berth.url });
  });
  afterAll(async () => {
    await registry.stop();
    await berth.stop();
    await issuer.close();
    rmSync(folder, { recursive: true });
  });

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  async function operator(...args: readonly string[]): Promise<void> {
    expect(await berthCommand(berth, ...args)).toMatchObject({ code: 0, stderr: "" });
  }

  async function script(change: Readonly<Record<string, string>> = {}): Promise<Run> {
    return runCommand("/bin/sh", [SCRIPT], {
      env: {
        PATH: `${process.env.BERTH_TEST_BIN ?? ""}:${process.env.PATH}`,
        HOME: folder,
        BASE: berth.url,
        TOKEN,
        REGISTRY: host,
        SERVICE,
        INSECURE: "1",
        ISSUER: issuer.url,
        SUBJECT,
        ID_TOKEN: await issuer.sign({ aud: berth.url }),
        ...change,
      },
    });
  }

  describeWithClient("skopeo", () => {
    it("runs from the organization to its deletion, and pushes", async () => {
      const image = `${writeImageLayout(folder, "pushed")}:${LAYOUT_TAG}`;
      const { code, stdout, stderr } = await script({ IMAGE: image });
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout.split("\n").filter((line) => line !== "")).toEqual([
        "POST /organization/: 201",
        "POST /repository: 404",
        "PUT /organization/quay-user/robots/ci: 201",
        "PUT /repository/quay-user/app/permissions/user/quay-user+ci: 200",
        "POST /organization/quay-user/robots/ci/federation: 200",
        "exchange: 200",
        "with what the job earned: 200",
        "with the robot token: 200",
        "Login Succeeded!",
        `pushed ${host}/quay-user/app:latest`,
        "POST /organization/quay-user/robots/ci/regenerate: 200",
        "with the robot token of before: 401",
        "with the new one: 200",
        "DELETE /organization/quay-user/robots/ci/federation: 204",
        "DELETE /organization/quay-user/robots/ci: 204",
        "with the token of a robot account that is gone: 401",
        "DELETE /organization/quay-user: 204",
      ]);
      expect(registry.output()).toContain("/v2/quay-user/app/manifests/latest");
    });
  });

  describeWithClient("crane", () => {
    it("pushes with crane where skopeo is not", async () => {
      const programs = mkdtempSync(join(folder, "programs-"));
      for (const name of ["curl", "sed", "mktemp", "cat", "rm", "crane"]) {
        symlinkSync(findProgram(name) ?? name, join(programs, name));
      }
      const change = { ORG: "crane", PATH: programs, IMAGE: writeImageLayout(folder, "by crane") };
      const { code, stdout } = await script(change);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`pushed ${host}/crane/app:latest`)]);
    });
  });

  it("ends at the first answer that is another", async () => {
    const stranger = await script({ ORG: "stranger", SUBJECT: "repo:somebody/else:ref:refs/heads/main" });
    expect([stranger.code, stranger.stderr]).toEqual([
      1,
      expect.stringMatching(/^exchange: 400: .*no_match/),
    ]);
    const again = await script({ ORG: "stranger" });
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringMatching(/^POST \/organization\/: 409, not 201: .*name_taken/),
    ]);
  });
});
