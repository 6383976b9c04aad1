import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApiToken } from "../../src/domain/accounts/api-token.ts";
import {
  newApiTokenSecret,
  newCredentialSecret,
  newExchangedApiTokenSecret,
} from "../../src/domain/accounts/secret.ts";
import { INTROSPECTION_ERRORS, type IntrospectionReason } from "../../src/http/exchange/oauth-error.ts";
import { addAdministrator } from "../support/admin-robot.ts";
import { addApiToken } from "../support/api-tokens.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import {
  type Answer,
  answerOf,
  credentialFor,
  type FormChange,
  formOf,
  revoke,
} from "../support/requests.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
  await addAdministrator(berth);
});
afterEach(() => berth.close());

/** An API token of a caller who may introspect, unless the change says otherwise. */
async function caller(change: Partial<ApiToken> = {}): Promise<string> {
  const { secret } = await addApiToken(berth.deps.apiTokens, berth.clock.seconds(), {
    scopes: ["tokens:introspect"],
    namespaces: "all",
    ...change,
  });
  return secret.expose();
}

async function introspect(bearer: string | undefined, form: FormChange): Promise<Answer> {
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  return answerOf(
    await berth.app.request("/oauth2/introspect", { method: "POST", body: formOf(form), headers }),
  );
}

const newCredential = async () => credentialFor(berth.app, await berth.issuer.sign());
const newExchanged = async () =>
  credentialFor(berth.app, await berth.issuer.sign(), { robot: "acme+deployer" });
const INACTIVE = { active: false };

describe("a token that is alive (RFC 7662 §2.2)", () => {
  it("is told of: a credential", async () => {
    const now = berth.clock.seconds();
    const answer = await introspect(await caller(), { token: await newCredential() });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      active: true,
      token_use: "credential",
      sub: "acme+builder",
      scope: "repository:acme/app:pull,push",
      iat: now,
      exp: now + 3600,
      jti: expect.stringMatching(/^\d\d[0-9a-f]{32}$/),
    });
  });

  it("is told of: an API token that an identity token earned", async () => {
    const answer = await introspect(await caller(), { token: await newExchanged() });
    expect(answer.body).toMatchObject({
      active: true,
      token_use: "api_token",
      sub: "acme+deployer",
      scope: "rules:write robots:write",
    });
  });

  it("is told of: the caller's own", async () => {
    const own = await caller();
    expect((await introspect(own, { token: own })).body).toMatchObject({
      active: true,
      token_use: "api_token",
      sub: expect.stringMatching(/^token:[0-9a-f]{32}$/),
      scope: "tokens:introspect",
    });
  });

  it("is found whatever token_type_hint says (§2.1)", async () => {
    const form = { token: await newCredential(), token_type_hint: "refresh_token" };
    expect((await introspect(await caller(), form)).body).toMatchObject({ active: true });
  });
});

describe("a token that is not alive, or not the caller's to ask about, is inactive and nothing more", () => {
  it.each<{ token: string; of: () => Promise<string> }>([
    {
      token: "a revoked credential",
      of: async () => {
        const credential = await newCredential();
        await revoke(berth.app, credential);
        return credential;
      },
    },
    {
      token: "a credential that nobody minted",
      of: async () => newCredentialSecret(7, berth.deps.random).expose(),
    },
    { token: "an API token that nobody made", of: async () => newApiTokenSecret(berth.deps.random).expose() },
    {
      token: "an API token that nobody earned",
      of: async () => newExchangedApiTokenSecret(7, berth.deps.random).expose(),
    },
    { token: "an identity token", of: async () => berth.issuer.sign() },
    { token: "a text of no form", of: async () => "hunter2" },
  ])("$token", async ({ of }) => {
    const answer = await introspect(await caller(), { token: await of() });
    expect([answer.status, answer.body]).toEqual([200, INACTIVE]);
  });

  it("one of another namespace's robot, and any API token, for a caller who is bound to namespaces", async () => {
    const ours = await caller({ namespaces: ["acme"] });
    const theirs = await caller({ namespaces: ["globex"] });
    const credential = await newCredential();
    expect((await introspect(ours, { token: credential })).body).toMatchObject({ sub: "acme+builder" });
    expect((await introspect(theirs, { token: credential })).body).toEqual(INACTIVE);
    expect((await introspect(ours, { token: theirs })).body).toEqual(INACTIVE);
  });
});

describe("every reason for refusing an introspection", () => {
  interface Attempt {
    readonly send: () => Promise<Answer>;
    readonly challenge: string | null;
  }
  const ATTEMPTS: Record<IntrospectionReason, Attempt> = {
    unauthenticated: {
      send: async () => introspect(await newCredential(), { token: await newCredential() }),
      challenge: 'Bearer realm="berth", error="invalid_token"',
    },
    insufficient_scope: {
      send: async () =>
        introspect(await caller({ scopes: ["org:admin"], namespaces: ["acme"] }), {
          token: await newCredential(),
        }),
      challenge: 'Bearer realm="berth", error="insufficient_scope", scope="tokens:introspect"',
    },
    request_malformed: {
      send: async () => introspect(await caller(), { token: ["a", "b"] }),
      challenge: null,
    },
    store_unavailable: {
      send: async () => {
        const bearer = await caller();
        berth.breakStore();
        return introspect(bearer, { token: bearer });
      },
      challenge: null,
    },
  };

  it.each(Object.keys(ATTEMPTS) as IntrospectionReason[])("%s", async (reason) => {
    const answer = await ATTEMPTS[reason].send();
    const { status, error, description } = INTROSPECTION_ERRORS[reason];
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error,
      error_description: description,
      reason,
      request_id: answer.headers.get("x-request-id"),
    });
    expect(answer.headers.get("www-authenticate")).toBe(ATTEMPTS[reason].challenge);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(berth.log.at(-1)).toMatchObject({ message: "request", reason, route: "/oauth2/introspect" });
  });

  it("is no reason for nobody: without a token, without an error in the challenge", async () => {
    const answer = await introspect(undefined, { token: await newCredential() });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="berth"']);
  });

  it("is a caller without the scope before it is a body", async () => {
    const bearer = await newExchanged();
    const answer = await answerOf(
      await berth.app.request("/oauth2/introspect", {
        method: "POST",
        body: "{}",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      }),
    );
    expect(answer.body.reason).toBe("insufficient_scope");
  });

  it.each(["", undefined])("is a form without a token: %j", async (token) => {
    expect((await introspect(await caller(), { token })).body.reason).toBe("request_malformed");
  });
});

it("is served to an operator's token, and takes no token from the query", async () => {
  const operator = await caller({ scopes: ["super:user"] });
  const credential = await newCredential();
  expect((await introspect(operator, { token: credential })).body).toMatchObject({ active: true });
  const answer = await answerOf(
    await berth.app.request(`/oauth2/introspect?token=${credential}`, {
      method: "POST",
      body: new URLSearchParams(),
      headers: { authorization: `Bearer ${operator}` },
    }),
  );
  expect(answer.body.reason).toBe("request_malformed");
});
