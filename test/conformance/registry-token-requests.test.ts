import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVICE } from "../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { claimsOf, grantedScopes } from "../support/registry-claims.ts";
import {
  type Answer,
  answerOf,
  basic,
  credentialFor,
  formOf,
  registryToken,
  registryTokenByForm,
} from "../support/requests.ts";

const SCOPE = "repository:acme/app:pull";
const FORM = "application/x-www-form-urlencoded";

let berth: TestBerth;
let password: string;
beforeAll(async () => {
  berth = await startTestBerth();
  password = await credentialFor(berth.app, await berth.issuer.sign());
});
afterAll(() => berth.close());

/** A request as it stands on the wire. */
async function get(query: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await berth.app.request(`/v2/auth?${query}`, { headers }));
}

async function postBody(body: string, contentType = FORM): Promise<Answer> {
  return answerOf(
    await berth.app.request("/v2/auth", { method: "POST", body, headers: { "content-type": contentType } }),
  );
}

const bodyOf = () =>
  String(
    formOf({ grant_type: "password", service: SERVICE, username: "acme+builder", password, scope: SCOPE }),
  );

describe("GET", () => {
  it.each(["/v2/auth", "/auth/token"])("is answered at %s", async (path) => {
    expect(grantedScopes(await registryToken(berth.app, { password, path, scopes: [SCOPE] }))).toEqual([
      SCOPE,
    ]);
  });

  // attack 76
  it("gives no refresh token, though docker login asks for one", async () => {
    const answer = await get(
      `account=acme%2Bbuilder&client_id=docker&offline_token=true&service=${SERVICE}`,
      basic("acme+builder", password),
    );
    expect(Object.keys(answer.body).sort()).toEqual(["access_token", "expires_in", "token"]);
  });

  it.each(["account=acme%2Bother", "account=acme+builder", "account=", "account=root&account=admin"])(
    "takes the account from the Basic header, and not from %s",
    async (account) => {
      const answer = await get(
        `${account}&service=${SERVICE}&scope=${SCOPE}`,
        basic("acme+builder", password),
      );
      expect(claimsOf(answer).sub).toMatch(/^acme\+builder#/);
    },
  );

  // attack 79
  it.each<{ header: string; value: () => string; status: number }>([
    {
      header: "basic in small letters",
      value: () => basic("acme+builder", password).authorization.replace("Basic", "basic"),
      status: 200,
    },
    {
      header: "a user name that is percent-encoded",
      value: () => basic("acme%2Bbuilder", password).authorization,
      status: 401,
    },
    {
      header: "a user name with a space for its plus",
      value: () => basic("acme builder", password).authorization,
      status: 401,
    },
    {
      header: "a user name in capitals",
      value: () => basic("ACME+builder", password).authorization,
      status: 401,
    },
    {
      header: "another robot's user name",
      value: () => basic("acme+other", password).authorization,
      status: 401,
    },
    { header: "an empty user name", value: () => basic("", password).authorization, status: 401 },
    { header: "an empty password", value: () => basic("acme+builder", "").authorization, status: 401 },
    {
      header: "no colon",
      value: () => `Basic ${Buffer.from("acme+builder").toString("base64")}`,
      status: 401,
    },
    {
      header: "a password with NUL at its end",
      value: () => basic("acme+builder", `${password}\0`).authorization,
      status: 401,
    },
    {
      header: "invalid UTF-8",
      value: () => `Basic ${Buffer.from([0x61, 0xff, 0x3a, 0x62]).toString("base64")}`,
      status: 401,
    },
    { header: "no base64", value: () => "Basic ???", status: 401 },
    { header: "Basic alone", value: () => "Basic", status: 401 },
    { header: "two of it", value: () => `${basic("acme+builder", password).authorization} x`, status: 401 },
    { header: "the credential as a bearer token", value: () => `Bearer ${password}`, status: 401 },
    { header: "nothing in it", value: () => "", status: 401 },
  ])("answers $status to $header", async ({ value, status }) => {
    const answer = await get(`service=${SERVICE}&scope=${SCOPE}`, { authorization: value() });
    expect(answer.status).toBe(status);
    if (status === 401) expect(berth.log.at(-1)?.reason).toBe("credentials_invalid");
  });

  it("splits user name and password at the first colon", async () => {
    const answer = await registryToken(berth.app, { password: `${password}:x` });
    expect(answer.status).toBe(401);
    expect(berth.trail.at(-1)).toMatchObject({ kind: "registry_token.refused", robot: "acme+builder" });
  });

  it("gives one answer to an unknown robot and to a wrong password", async () => {
    const other = (await berth.issuer.sign()).slice(0, 60);
    const answers = [
      await registryToken(berth.app, { password: other }),
      await registryToken(berth.app, { password, username: "acme+nobody" }),
      await registryToken(berth.app, { password, username: "nowhere+builder" }),
    ];
    const plain = answers.map(({ status, headers, body }) => {
      const { "x-request-id": _, ...rest } = Object.fromEntries(headers);
      return { status, body, rest };
    });
    expect(plain[1]).toEqual(plain[0]);
    expect(plain[2]).toEqual(plain[0]);
  });

  it.each([
    "",
    "service=",
    `service=${SERVICE}&service=${SERVICE}`,
    `service=${SERVICE}%00`,
    `Service=${SERVICE}`,
  ])("is malformed, or of no registry, with the query %s", async (query) => {
    expect((await get(query, basic("acme+builder", password))).status).toBe(400);
  });
});

describe("POST", () => {
  it.each(["/v2/auth", "/auth/token"])("is answered at %s", async (path) => {
    const request = { method: "POST", body: bodyOf(), headers: { "content-type": FORM } };
    expect(grantedScopes(await answerOf(await berth.app.request(path, request)))).toEqual([SCOPE]);
  });

  it.each([FORM, `${FORM}; charset=utf-8`, `${FORM};charset=UTF-8`, "Application/X-WWW-Form-Urlencoded"])(
    "takes the content type %s",
    async (contentType) => {
      expect(grantedScopes(await postBody(bodyOf(), contentType))).toEqual([SCOPE]);
    },
  );

  it.each(["application/json", "multipart/form-data; boundary=x", "text/plain", `${FORM}x`, `x ${FORM}`])(
    "refuses the content type %s",
    async (contentType) => {
      expect((await postBody(bodyOf(), contentType)).status).toBe(415);
    },
  );

  it("takes a body in chunks, of unknown length", async () => {
    const chunks = new Blob([bodyOf()]).stream();
    const request = new Request("http://localhost/v2/auth", {
      method: "POST",
      body: chunks,
      duplex: "half",
      headers: { "content-type": FORM },
    } as RequestInit);
    expect(grantedScopes(await answerOf(await berth.app.request(request)))).toEqual([SCOPE]);
  });

  it("takes repeated scopes and several between spaces (skopeo)", async () => {
    const scope = ["repository:acme/app:pull repository:acme/x:pull", "repository:acme/app:push"];
    expect(grantedScopes(await registryTokenByForm(berth.app, password, { scope }))).toEqual([
      "repository:acme/app:pull,push",
    ]);
  });

  it("reads a plus in the form as a space, so a user name with a bare plus is another", async () => {
    const bare = bodyOf().replace("username=acme%2Bbuilder", "username=acme+builder");
    expect((await postBody(bare)).status).toBe(401);
  });

  it("takes the account from the form, and not from a Basic header", async () => {
    const body = String(formOf({ grant_type: "password", service: SERVICE }));
    const headers = { "content-type": FORM, ...basic("acme+builder", password) };
    const response = await berth.app.request("/v2/auth", { method: "POST", body, headers });
    expect(response.status).toBe(401);
  });

  it.each<{ form: string; change: Record<string, string | string[] | undefined>; status: number }>([
    { form: "a refresh token", change: { grant_type: "refresh_token", refresh_token: "x" }, status: 401 },
    { form: "no grant type", change: { grant_type: undefined }, status: 401 },
    { form: "no user name", change: { username: undefined }, status: 401 },
    { form: "an empty password", change: { password: "" }, status: 401 },
    { form: "two passwords", change: { password: ["x", "y"] }, status: 400 },
    { form: "two grant types", change: { grant_type: ["password", "password"] }, status: 400 },
    { form: "two services", change: { service: [SERVICE, SERVICE] }, status: 400 },
    { form: "no service", change: { service: undefined }, status: 400 },
  ])("answers $status to $form", async ({ change, status }) => {
    expect((await registryTokenByForm(berth.app, password, change)).status).toBe(status);
  });
});
