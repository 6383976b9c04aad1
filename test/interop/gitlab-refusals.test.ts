import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { TokenEndpoint } from "../support/ci-platforms/token-endpoint.ts";
import { describeWith, findProgram } from "../support/find-server.ts";
import { runBuilderJob } from "./support/gitlab-builder.ts";
import { busyboxImage, imagesOfMachine } from "./support/gitlab-images.ts";
import type { Image } from "./support/gitlab-job.ts";
import { type LoneBerth, startLoneBerth } from "./support/lone-berth.ts";
import { writeServerCertificate } from "./support/server-certificate.ts";

const SENT = /^(?:curl|wget) /m;
const GOES_ON = `echo "went on with \${DOCKER_CONFIG:-no login}"`;

describeWith("curl", findProgram("curl"), "a job that cannot log in", () => {
  let world: LoneBerth;

  beforeAll(async () => {
    world = await startLoneBerth();
  });
  afterAll(() => world.close());

  it.each([
    [
      "a server with a slash at its end",
      { BERTH_SERVER: "https://berth.example.com/" },
      "BERTH_SERVER must have no slash at its end: the audience is compared byte for byte.",
    ],
    [
      "a server without TLS",
      { BERTH_SERVER: "http://berth.example.com" },
      "BERTH_SERVER must begin with https://",
    ],
    [
      "a registry with a scheme",
      { BERTH_REGISTRY: "https://registry.example.com" },
      "BERTH_REGISTRY is a host, registry.example.com or registry.example.com:5000; several stand between spaces.",
    ],
    [
      "an identity token for another server",
      { BERTH_SERVER: "https://berth.example.com" },
      "the identity token is for OWN, and BERTH_SERVER is https://berth.example.com: make the two the same.",
    ],
    ["no token", { BERTH_ID_TOKEN: "a.!.c" }, "BERTH_ID_TOKEN is not an identity token."],
    [
      "no identity token",
      { BERTH_ID_TOKEN: "" },
      "this job has no identity token: id_tokens must have BERTH_ID_TOKEN with aud: OWN",
    ],
  ])("%s: sends nothing, and says why", async (_name, variables, message) => {
    const job = await runBuilderJob(world, { variables, script: [GOES_ON] });
    const said = `berth: ${message.replace("OWN", world.berth.url)}\n`;
    expect(job.main).toEqual({ code: 1, stdout: "", stderr: said });
    expect(job.after).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(job.calls).not.toMatch(SENT);
  });

  it("asks again for a lost answer, which is no replay", async () => {
    world.proxy.loseNextAnswer("broken");
    const job = await runBuilderJob(world, {});
    expect(job.main).toMatchObject({ code: 0, stderr: expect.stringContaining("berth: logged in to ") });
    expect(job.calls.match(/^sleep .*$/gm)).toEqual(["sleep 2"]);
    expect(world.proxy.lost).toBe(1);
  });

  it("prints nothing that a terminal would obey", async () => {
    const body = '{"reason":"x\u001b[2J","error_description":"a\u001b]0;b\u0007c\r"}';
    const endpoint = await TokenEndpoint.start(() => ({ status: 400, body }));
    const job = await runAt(endpoint);
    await endpoint.close();
    expect(job.main.stderr).toMatch(/^berth: refused: x\[2J \(HTTP 400\), request \nberth: a\]0;bc\n/);
  });

  it("goes on without a login where BERTH_IF_NO_IDENTITY says so", async () => {
    const variables = { BERTH_ID_TOKEN: "", BERTH_IF_NO_IDENTITY: "skip" };
    const job = await runBuilderJob(world, { variables, script: [GOES_ON] });
    expect(job.main).toMatchObject({ code: 0, stdout: "went on with no login\n" });
    expect(job.calls).not.toMatch(SENT);
  });

  /** A job whose server is `endpoint`. */
  async function runAt(endpoint: TokenEndpoint, image?: Image) {
    const variables = {
      BERTH_SERVER: endpoint.origin,
      BERTH_ID_TOKEN: await world.identityToken(endpoint.origin),
    };
    return runBuilderJob(world, { variables, ...(image === undefined ? {} : { image }) });
  }

  for (const [need, name, found] of imagesOfMachine()) {
    describeWith(need, found, name, (image) => {
      it("shows its identity token to nobody that the server points to", async () => {
        const other = await TokenEndpoint.start(() => ({ status: 200, body: "{}" }));
        const endpoint = await TokenEndpoint.start(() => ({
          ...{ status: 307, body: "" },
          headers: { location: `${other.origin}/oauth2/token` },
        }));
        const job = await runAt(endpoint, image);
        await Promise.all([endpoint.close(), other.close()]);
        expect(job.main).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/points elsewhere|refused: {2}\(HTTP 307\)/),
        });
        expect(other.requests.filter(({ body }) => body !== "")).toEqual([]);
      });

      it("waits longer where the server asks for it", async () => {
        const endpoint = await TokenEndpoint.start(() => ({
          ...{ status: 503, body: "{}" },
          headers: { "retry-after": "7" },
        }));
        const job = await runAt(endpoint, image);
        await endpoint.close();
        // Busybox's wget shows nothing of such an answer but its status.
        const waits = name.startsWith("busybox") ? [2, 4, 8, 16, 0] : [7, 7, 8, 16, 0];
        expect(job.calls.match(/^sleep .*$/gm)).toEqual(waits.map((wait) => `sleep ${wait}`));
      });

      it("a refusal shows what the token says, and the reason where the image can read it", async () => {
        const job = await runBuilderJob(world, { image, variables: { BERTH_ROBOT: "acme+nobody" } });
        expect(job.main).toMatchObject({ code: 1, stdout: "" });
        expect(job.main.stderr).toContain(
          "berth:   sub: repo:acme/app:ref:refs/heads/main\nberth:   aud: http://127.0.0.1:",
        );
        const reason = name.startsWith("busybox")
          ? /^berth: refused: {2}\(HTTP 400\)/
          : /^berth: refused: no_match \(HTTP 400\), request \S{16}\nberth: No federation rule of that robot/;
        expect(job.main.stderr).toMatch(reason);
      });

      it("a server that does not answer is asked five times, with growing waits", async () => {
        const server = `http://127.0.0.1:${await freePort()}`;
        const variables = { BERTH_SERVER: server, BERTH_ID_TOKEN: await world.identityToken(server) };
        const job = await runBuilderJob(world, { image, variables });
        expect(job.main).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(
            /^berth: no answer from http:\/\/127\.0\.0\.1:\d+:\nberth: [\s\S]*onnect/,
          ),
        });
        expect(job.calls.match(/^sleep .*$/gm)).toEqual([2, 4, 8, 16, 0].map((wait) => `sleep ${wait}`));
      });
    });
  }
});

describeWith("curl", findProgram("curl"), "a server under a private CA", () => {
  let world: LoneBerth;
  let folder: string;
  let caFile: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "berth-gitlab-ca-"));
    const certificate = await writeServerCertificate(folder);
    caFile = certificate.caFile;
    world = await startLoneBerth(certificate);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  it.each(["CURL_CA_BUNDLE", "SSL_CERT_FILE"])("is believed by curl with %s", async (name) => {
    const job = await runBuilderJob(world, { variables: { [name]: caFile } });
    expect(job.main).toMatchObject({ code: 0, stderr: expect.stringContaining("berth: logged in to ") });
  });

  it("is not believed by itself", async () => {
    const job = await runBuilderJob(world, {});
    expect(job.main).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^berth: no answer from https:\S+\nberth: .*certificate/),
    });
  });

  describeWith("busybox", findProgram("busybox"), "with busybox", (busybox) => {
    it("gets nothing from a wget that verifies no certificate", async () => {
      const image = busyboxImage(busybox);
      const job = await runBuilderJob(world, { image, variables: { SSL_CERT_FILE: caFile } });
      expect(job.main).toMatchObject({
        code: 1,
        stderr: "berth: this image's wget verifies no certificate: put curl into the image.\n",
      });
      expect(job.calls).not.toContain("--post-file");
    });

    it.each([
      ["is believed by wget with openssl and the CA", () => ({ SSL_CERT_FILE: caFile }), "logged in to "],
      ["is not believed by wget with openssl alone", () => ({}), "no answer from https:"],
    ])("%s", async (_name, variables, said) => {
      const image = busyboxImage(busybox, "openssl");
      const job = await runBuilderJob(world, { image, variables: variables() });
      expect(job.main.stderr).toMatch(new RegExp(`^berth: ${said}`));
    });
  });
});
