import { afterEach, beforeEach, expect, it } from "vitest";
import { aNamespace, anEvent, aRobot, aRule } from "../../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { credentialFor, exchange, registryToken } from "../../support/requests.ts";

const THEIRS = "repo:umbrella/app:ref:refs/heads/main";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
  const rule = aRule({ id: "rule-2", nonce: "rule-nonce-2", issuer: berth.issuer.url, subject: THEIRS });
  await berth.directory.commitNamespace({
    name: "umbrella",
    fromRevision: 0,
    namespace: aNamespace({ name: "umbrella", nonce: "namespace-nonce-2" }),
    putRobots: [
      aRobot({
        name: "umbrella+builder",
        uid: "robot-uid-2",
        nonce: "robot-nonce-2",
        permissions: [{ registry: "registry.example.com", repository: "umbrella/app", role: "write" }],
        rules: [rule],
      }),
    ],
    removeRobots: [],
    event: anEvent(Date.now(), { kind: "directory.changed" }),
  });
});
afterEach(() => berth.close());

// attack 73
it("a tenant's token opens its own robot and no other tenant's, though both trust one issuer", async () => {
  const token = await berth.issuer.sign({ sub: THEIRS });
  const denied = await exchange(berth.app, token, { robot: "acme+builder" });
  expect([denied.status, denied.body.reason, await berth.minted()]).toEqual([400, "no_match", 0]);
  expect((await exchange(berth.app, token, { robot: "umbrella+builder" })).status).toBe(200);
});

// attack 73
it("a tenant's credential is no password of another tenant's robot, and opens nothing of that one's", async () => {
  const password = await credentialFor(berth.app, await berth.issuer.sign({ sub: THEIRS }), {
    robot: "umbrella+builder",
  });
  const scopes = ["repository:acme/app:pull"];
  expect((await registryToken(berth.app, { password, scopes, username: "acme+builder" })).status).toBe(401);
  const answer = await registryToken(berth.app, { password, scopes, username: "umbrella+builder" });
  const [, payload = ""] = String(answer.body.token).split(".");
  expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({ access: [] });
});
