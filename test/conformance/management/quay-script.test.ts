import { afterAll, beforeAll, expect, it } from "vitest";
import { SERVICE, SUBJECT } from "../../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { apiToken, manage } from "../../support/management-calls.ts";
import { quayExchange, registryToken } from "../../support/requests.ts";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth();
});
afterAll(() => berth.close());

/** What someone who scripts Quay does, in order, with nothing changed but the host. */
it("a script of a Quay user runs from the organization to its deletion", async () => {
  const token = await apiToken(berth);
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await manage(berth.app, method, path, { token, ...(body === undefined ? {} : { body }) });
    return [answer.status, answer.body] as const;
  };
  const allowed = async (password: string) => {
    const username = "neworg+ci";
    const scopes = ["repository:neworg/app:pull,push"];
    const answer = await registryToken(berth.app, { username, password, scopes, service: SERVICE });
    if (answer.status !== 200) return answer.status;
    const [, payload = ""] = String(answer.body.token).split(".");
    return (JSON.parse(Buffer.from(payload, "base64url").toString()) as { access: object[] }).access;
  };
  const PUSH = [{ type: "repository", name: "neworg/app", actions: ["pull", "push"] }];
  const robots = "/organization/neworg/robots";

  expect(await api("POST", "/organization/", { name: "neworg", email: "ci@example.com" })).toEqual([
    201,
    "Created",
  ]);
  const [created, robot] = await api("PUT", `${robots}/ci`, { description: "CI" });
  expect([created, robot]).toMatchObject([201, { name: "neworg+ci", description: "CI" }]);
  const grant = await api("PUT", "/repository/neworg/app/permissions/user/neworg+ci", { role: "write" });
  expect(grant).toMatchObject([200, { role: "write", name: "neworg+ci", is_robot: true }]);
  const config = [{ issuer: berth.issuer.url, subject: SUBJECT }];
  expect(await api("POST", `${robots}/ci/federation`, config)).toEqual([200, config]);

  const exchanged = await quayExchange(berth.app, "neworg+ci", await berth.issuer.sign());
  expect(exchanged.status).toBe(200);
  const credential = String(exchanged.body.token);
  const password = (robot as { token: string }).token;
  expect([await allowed(credential), await allowed(password)]).toEqual([PUSH, PUSH]);

  const [, regenerated] = await api("POST", `${robots}/ci/regenerate`);
  const renewed = (regenerated as { token: string }).token;
  expect([await allowed(credential), await allowed(password), await allowed(renewed)]).toEqual([
    401,
    401,
    PUSH,
  ]);

  expect(await api("DELETE", `${robots}/ci/federation`)).toEqual([204, undefined]);
  expect((await quayExchange(berth.app, "neworg+ci", await berth.issuer.sign())).body.reason).toBe(
    "no_match",
  );
  expect(await api("DELETE", `${robots}/ci`)).toEqual([204, undefined]);
  expect(await allowed(renewed)).toBe(401);
  expect(await api("DELETE", "/organization/neworg")).toEqual([204, undefined]);
});
