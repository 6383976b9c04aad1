/** Faults that a review of Berth found, each with the attack that showed it. */
import { X509Certificate } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Envelope } from "../../../src/adapters/keys/envelope.ts";
import { EnvelopedKeyMaker } from "../../../src/adapters/keys/enveloped-key-maker.ts";
import { webRandom } from "../../../src/adapters/runtime/web-random.ts";
import { parseDockerScopes } from "../../../src/domain/access/docker-scope.ts";
import { matchesPattern } from "../../../src/domain/access/pattern.ts";
import { initKeys } from "../../../src/usecases/upkeep/init-keys.ts";
import { aRegistry } from "../../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { changedText, problemsOf } from "../../support/declaration-text.ts";
import { exchange } from "../../support/requests.ts";

let berth: TestBerth | undefined;
afterEach(async () => {
  await berth?.close();
  berth = undefined;
});

it("a scope that is repeated thousands of times costs no more than its length", { timeout: 2000 }, () => {
  const many = Array.from({ length: 9000 }, (_, at) => at.toString(36)).join(",");
  const [scope] = parseDockerScopes([`a:b:${many}${" a:b:x".repeat(5000)}`]);
  expect(scope?.actions).toHaveLength(9000);
});

it("a pattern that fails before its first wildcard looks at none of the text behind it", () => {
  const looks = vi.spyOn(String.prototype, "charAt");
  const text = "repo:evil/x:environment:".padEnd(2000, "%3A");
  const matched = matchesPattern("repo:acme/app:*", text);
  expect([matched, looks.mock.calls.length]).toEqual([false, 0]);
});

it("a new CA after a lost one of the same name signs with a leaf of its own", async () => {
  berth = await startTestBerth();
  await berth.keys.signingKey(aRegistry());
  await berth.directory.removeKey("ca-1");
  const envelope = new Envelope([{ id: "test", key: new Uint8Array(32) }], webRandom);
  const maker = new EnvelopedKeyMaker(envelope, webRandom);
  await initKeys({ ...berth, maker }, { newCa: true }, "request-1");
  berth.clock.advance(2000);
  const { header } = await berth.keys.signingKey(aRegistry());
  const [leaf = ""] = "x5c" in header ? header.x5c : [];
  const ca = new X509Certificate(await berth.keys.caPem());
  expect(new X509Certificate(Buffer.from(leaf, "base64")).verify(ca.publicKey)).toBe(true);
});

describe("a declaration is refused", () => {
  const GITHUB = "https://token.actions.githubusercontent.com";

  it.each(["/iss", "/aud", "/sub", "/ref", "/repository_owner"])(
    "with the claim %s under a second name",
    (name) => {
      expect(problemsOf(changedText("repository_id: 4711", `${name}: x`))).toContainEqual(
        expect.stringMatching(/claims\.\S+: is not nested; write it without the slash$/),
      );
    },
  );

  it.each([
    [GITHUB, "generic", "github"],
    [GITHUB, "forgejo", "github"],
    ["https://gitlab.com", "generic", "gitlab"],
  ])("with %s as an issuer of the family %s", (url, profile, family) => {
    const issuer = `- url: ${url}\n    profile: ${profile}\n    jwks_hosts: []\n  - url: https://issuer.example.com`;
    expect(problemsOf(changedText("- url: https://issuer.example.com", issuer))).toContain(
      `f:4:14: issuers[0].profile: is ${family}, by the URL; leave it out`,
    );
  });

  it("with a field name that would begin a line of the log", () => {
    const [problem] = problemsOf(changedText("revision: 3", 'revision: 3\n"\\e[31mfake\\r\\n::error::": 1'));
    expect(problem).toContain("\\u{1b}[31mfake\\u{d}\\u{a}::error::");
  });
});

describe("a wildcard asks for no kind of job", () => {
  it.each(["*", "**"])("event_name: %s lets no pull_request_target in", async (pattern) => {
    berth = await startTestBerth({
      issuer: { profile: "github" },
      rule: { subject: "**", claims: { repository_id: ["4711"], event_name: [pattern] } },
    });
    const claims = { repository_id: "4711", ref: "refs/heads/main" };
    const job = (event_name: string) => berth?.issuer.sign({ ...claims, event_name });
    const refused = await exchange(berth.app, String(await job("pull_request_target")));
    expect(refused.body.reason).toBe("no_match");
    expect((await exchange(berth.app, String(await job("push")))).status).toBe(200);
  });
});
