import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { HOST_OPERATOR } from "../../src/domain/accounts/caller.ts";
import { regenerateRobotToken } from "../../src/usecases/management/regenerate-robot-token.ts";
import { addAdministrator } from "../support/admin-robot.ts";
import { addApiToken } from "../support/api-tokens.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import {
  type Answer,
  answerOf,
  credentialFor,
  exchange,
  post,
  quayExchange,
  registryToken,
  registryTokenByForm,
  revoke,
} from "../support/requests.ts";

const CLASSES = [
  "identity token",
  "credential",
  "robot token",
  "API token",
  "exchanged API token",
  "registry token",
] as const;
type TokenClass = (typeof CLASSES)[number];

let berth: TestBerth;
let tokens: Readonly<Record<TokenClass, string>>;
beforeAll(async () => {
  berth = await startTestBerth();
  await addAdministrator(berth);
  const deps = { directory: berth.directory, clock: berth.clock, random: webRandom };
  const context = { requestId: "request-1", caller: HOST_OPERATOR };
  const robotToken = await regenerateRobotToken(deps, "acme+builder", {}, context);
  if (!robotToken.ok) throw new Error(robotToken.error.reason);
  const credential = await credentialFor(berth.app, await berth.issuer.sign());
  const scopes = ["repository:acme/app:pull"];
  tokens = {
    "identity token": await berth.issuer.sign(),
    credential,
    "robot token": robotToken.value.token.expose(),
    "API token": (await addApiToken(berth.deps.apiTokens, berth.clock.seconds())).secret.expose(),
    "exchanged API token": await credentialFor(berth.app, await berth.issuer.sign(), {
      robot: "acme+deployer",
    }),
    "registry token": String((await registryToken(berth.app, { password: credential, scopes })).body.token),
  };
});
afterAll(() => berth.close());

async function managed(token: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return answerOf(await berth.app.request("/api/v1/organization/acme/robots", { headers }));
}

/** Where a token is shown, and what is said to one of each class: a reason, or "accepted". */
const PLACES: Readonly<
  Record<
    string,
    { readonly send: (token: string) => Promise<Answer>; readonly said: Readonly<Record<TokenClass, string>> }
  >
> = {
  "as subject_token": {
    send: (token) => exchange(berth.app, token),
    said: {
      "identity token": "accepted",
      credential: "token_malformed",
      "robot token": "token_malformed",
      "API token": "token_malformed",
      "exchanged API token": "token_malformed",
      "registry token": "issuer_unknown",
    },
  },
  "as Quay's Basic password": {
    send: (token) => quayExchange(berth.app, "acme+builder", token),
    said: {
      "identity token": "accepted",
      credential: "token_malformed",
      "robot token": "token_malformed",
      "API token": "token_malformed",
      "exchanged API token": "token_malformed",
      "registry token": "issuer_unknown",
    },
  },
  "as a registry client's Basic password": {
    send: (password) => registryToken(berth.app, { password }),
    said: {
      "identity token": "credentials_invalid",
      credential: "accepted",
      "robot token": "accepted",
      "API token": "credentials_invalid",
      "exchanged API token": "credentials_invalid",
      "registry token": "credentials_invalid",
    },
  },
  "as the password in a registry client's form": {
    send: (password) => registryTokenByForm(berth.app, password),
    said: {
      "identity token": "credentials_invalid",
      credential: "accepted",
      "robot token": "accepted",
      "API token": "credentials_invalid",
      "exchanged API token": "credentials_invalid",
      "registry token": "credentials_invalid",
    },
  },
  "as refresh_token": {
    send: (token) =>
      registryTokenByForm(berth.app, "x", { grant_type: "refresh_token", refresh_token: token }),
    said: {
      "identity token": "grant_type_unsupported",
      credential: "grant_type_unsupported",
      "robot token": "grant_type_unsupported",
      "API token": "grant_type_unsupported",
      "exchanged API token": "grant_type_unsupported",
      "registry token": "grant_type_unsupported",
    },
  },
  "as the management API's bearer token": {
    send: (token) => managed(token),
    said: {
      "identity token": "unauthenticated",
      credential: "unauthenticated",
      "robot token": "unauthenticated",
      "API token": "accepted",
      "exchanged API token": "accepted",
      "registry token": "unauthenticated",
    },
  },
  "to be revoked": {
    send: (token) => revoke(berth.app, token),
    said: {
      // RFC 7009 §2.2: an unknown token is no error, and nothing ends.
      "identity token": "accepted",
      "registry token": "accepted",
      "robot token": "token_type_unsupported",
      "API token": "token_type_unsupported",
      "exchanged API token": "accepted",
      credential: "accepted",
    },
  },
};

/** What a revocation ends is not shown again after it. */
const ENDED: readonly TokenClass[] = ["credential", "exchanged API token"];
const PAIRS = Object.entries(PLACES)
  .flatMap(([place, { said }]) => CLASSES.map((kind) => ({ place, kind, said: said[kind] })))
  .filter(({ place, kind }) => !(place === "to be revoked" && ENDED.includes(kind)));

// attack 77
describe("each class of token is refused where another is expected", () => {
  it.each(PAIRS)("$kind $place: $said", async ({ place, kind, said }) => {
    // Exchanged tokens are used up: each pair has one of its own.
    const token = kind === "identity token" ? await berth.issuer.sign() : tokens[kind];
    const minted = await berth.minted();
    const granted = berth.trail.filter((event) => event.kind === "registry_token.granted").length;
    const answer = await PLACES[place]?.send(token);
    if (said === "accepted") return expect(answer?.status).toBe(200);
    expect(berth.log.at(-1)?.reason).toBe(said);
    expect([400, 401]).toContain(answer?.status);
    expect(await berth.minted()).toBe(minted);
    expect(berth.trail.filter((event) => event.kind === "registry_token.granted")).toHaveLength(granted);
  });

  it("and after all of it each is what it was", async () => {
    for (const kind of ["credential", "robot token"] as const) {
      expect((await registryToken(berth.app, { password: tokens[kind] })).status).toBe(200);
    }
    for (const kind of ["API token", "exchanged API token"] as const) {
      expect((await managed(tokens[kind])).status).toBe(200);
    }
    expect((await exchange(berth.app, tokens["identity token"])).status).toBe(200);
    const events = await berth.ledger.readEvents(100);
    expect(events.filter(({ kind }) => kind === "credential.revoked")).toEqual([]);
  });
});

// attack 76
describe("a credential can neither mint nor renew a credential", () => {
  it.each([
    { subject_token_type: "urn:ietf:params:oauth:token-type:jwt" },
    { subject_token_type: "urn:ietf:params:oauth:token-type:access_token" },
    { subject_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
    { subject_token_type: "urn:berth:params:oauth:token-type:registry-credential" },
  ])("as $subject_token_type", async (change) => {
    expect((await exchange(berth.app, tokens.credential, change)).status).toBe(400);
  });

  it.each(["refresh_token", "password", "client_credentials", "authorization_code"])(
    "by the grant type %s",
    async (grant_type) => {
      const answer = await post(berth.app, "/oauth2/token", {
        grant_type,
        refresh_token: tokens.credential,
        username: "acme+builder",
        password: tokens.credential,
      });
      expect([answer.status, answer.body.error]).toEqual([400, "unsupported_grant_type"]);
    },
  );

  it("as retry_key beside the token that minted it", async () => {
    const token = await berth.issuer.sign();
    const credential = await credentialFor(berth.app, token);
    expect((await exchange(berth.app, token, { retry_key: credential })).body.reason).toBe("token_used");
  });

  it("and a registry token gets no other one", async () => {
    const headers = { authorization: `Bearer ${tokens["registry token"]}` };
    const response = await berth.app.request("/v2/auth?service=registry.example.com", { headers });
    expect(response.status).toBe(401);
  });
});
