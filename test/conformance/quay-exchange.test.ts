import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { type Answer, answerOf, basic, quayExchange, registryToken } from "../support/requests.ts";

const PATH = "/oauth2/federation/robot/token";
const MAX_BYTES = 5 * 1024;

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth({ rule: { ttlSeconds: 900 } });
});
afterAll(() => berth.close());

async function send(authorization: string | undefined): Promise<Answer> {
  return answerOf(
    await berth.app.request(PATH, authorization === undefined ? {} : { headers: { authorization } }),
  );
}

/** An identity token as long as can be, but no longer than `most`; padding comes in steps of base64url. */
async function signUpTo(most: number): Promise<string> {
  for (let padding = most; ; padding -= 1) {
    const token = await berth.issuer.sign({ padding: "x".repeat(Math.floor((padding * 3) / 4)) });
    if (token.length <= most) return token;
  }
}

describe("Quay's way to exchange", () => {
  it("gives a password for docker login, and its lifetime", async () => {
    const answer = await quayExchange(berth.app, "acme+builder", await berth.issuer.sign());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ token: expect.stringMatching(/^brc_/), expires_in: 900 });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect((await registryToken(berth.app, { password: String(answer.body.token) })).status).toBe(200);
  });

  it("takes no account of the query", async () => {
    const headers = basic("acme+builder", await berth.issuer.sign());
    const answer = await answerOf(
      await berth.app.request(`${PATH}?robot=acme%2Bother&requested_ttl=1`, { headers }),
    );
    expect([answer.status, answer.body.expires_in]).toEqual([200, 900]);
  });

  const encoded = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  it.each<{ header: string; authorization: string | undefined; error: string }>([
    { header: "no header", authorization: undefined, error: "No auth header" },
    { header: "an empty one", authorization: "", error: "Invalid basic auth header" },
    { header: "Bearer", authorization: "Bearer eyJ.eyJ.x", error: "Invalid basic auth header" },
    { header: "no base64", authorization: "Basic !", error: "Invalid basic auth header" },
    { header: "no colon", authorization: encoded("acme+builder"), error: "Invalid basic auth header" },
    { header: "no user name", authorization: encoded(":eyJ.eyJ.x"), error: "Invalid basic auth header" },
    {
      header: "a third part",
      authorization: `${encoded("acme+builder:x")} x`,
      error: "Invalid basic auth header",
    },
    { header: "a user without plus", authorization: encoded("acme:x"), error: "Invalid robot" },
    { header: "a user of no name", authorization: encoded("acme+:x"), error: "Invalid robot" },
    { header: "a user in capitals", authorization: encoded("Acme+builder:x"), error: "Invalid robot" },
    { header: "a user with two pluses", authorization: encoded("acme+build+er:x"), error: "Invalid robot" },
  ])("answers 401 to $header, in Quay's words", async ({ authorization, error }) => {
    const answer = await send(authorization);
    const requestId = answer.headers.get("x-request-id");
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ error, reason: "request_malformed", request_id: requestId });
    expect(answer.headers.get("www-authenticate")).toBe('Basic realm="Berth", charset="UTF-8"');
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each<{ what: string; token: () => Promise<string>; reason: string }>([
    {
      what: "no JWT, where Quay fails with 500",
      token: async () => "x".repeat(40),
      reason: "token_malformed",
    },
    { what: "an empty token", token: async () => "", reason: "token_malformed" },
    {
      what: "a token with a colon",
      token: async () => `${await berth.issuer.sign()}:x`,
      reason: "token_malformed",
    },
    {
      what: "an unknown issuer",
      token: () => berth.issuer.sign({ iss: "https://x.example.com" }),
      reason: "issuer_unknown",
    },
    { what: "another subject", token: () => berth.issuer.sign({ sub: "repo:acme/x" }), reason: "no_match" },
    {
      what: "another audience",
      token: () => berth.issuer.sign({ aud: "quay" }),
      reason: "audience_mismatch",
    },
  ])("answers 400 to $what", async ({ token, reason }) => {
    const answer = await quayExchange(berth.app, "acme+builder", await token());
    expect([answer.status, answer.body.error, answer.body.reason]).toEqual([400, "invalid_request", reason]);
    expect(answer.headers.has("www-authenticate")).toBe(false);
  });

  it("takes an identity token up to 5 KiB, and names the other way to who has a larger one", async () => {
    const [fits, over] = [await signUpTo(MAX_BYTES), await signUpTo(MAX_BYTES + 4)];
    expect([fits.length <= MAX_BYTES, over.length > MAX_BYTES]).toEqual([true, true]);
    expect((await quayExchange(berth.app, "acme+builder", fits)).status).toBe(200);
    const answer = await quayExchange(berth.app, "acme+builder", over);
    expect([answer.status, answer.body.reason]).toEqual([400, "token_too_large"]);
    expect(answer.body.error_description).toContain("POST /oauth2/token");
  });
});
