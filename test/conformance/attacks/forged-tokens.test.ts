import { createHmac, createPublicKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { IssuerKeyPair } from "../../support/issuer-key-pair.ts";
import { exchange } from "../../support/requests.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
});
afterEach(() => berth.close());

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Refused for `reason`, with no credential, and without a request to the issuer. */
async function expectRefusal(token: string, reason: string): Promise<void> {
  const answer = await exchange(berth.app, token);
  expect([answer.status, answer.body.reason]).toEqual([400, reason]);
  expect(await berth.minted()).toBe(0);
  expect(berth.issuer.connections).toBe(0);
}

/** The parts of a token that would be granted, but for its header. */
async function signedParts(header: Record<string, unknown>): Promise<readonly [string, string]> {
  const [, payload = ""] = (await berth.issuer.sign()).split(".");
  return [encode({ kid: berth.issuer.signingKey.kid, typ: "JWT", ...header }), payload];
}

// attack 11
it.each(["none", "None", "NONE", "nOnE"])("a token of the algorithm %s mints nothing", async (alg) => {
  const [header, payload] = await signedParts({ alg });
  await expectRefusal(`${header}.${payload}.`, "token_malformed");
  await expectRefusal(`${header}.${payload}.AA`, "algorithm_refused");
});

// attack 12
describe("a token under a MAC whose secret is the issuer's public key", () => {
  const secrets: Readonly<Record<string, (jwk: Record<string, unknown>) => string | Buffer>> = {
    "as PEM": (jwk) => createPublicKey({ key: jwk, format: "jwk" }).export({ format: "pem", type: "spki" }),
    "as DER": (jwk) => createPublicKey({ key: jwk, format: "jwk" }).export({ format: "der", type: "spki" }),
    "as its JWK": (jwk) => JSON.stringify(jwk),
  };

  it.each(Object.entries(secrets))("%s mints nothing", async (_, secretOf) => {
    const [header, payload] = await signedParts({ alg: "HS256" });
    const mac = createHmac("sha256", secretOf(berth.issuer.signingKey.publicJwk()))
      .update(`${header}.${payload}`)
      .digest("base64url");
    await expectRefusal(`${header}.${payload}.${mac}`, "algorithm_refused");
  });
});

// attack 16
it.each(["jwk", "jku", "x5u", "x5c"])("a token that brings its key as %s costs no request", async (name) => {
  const key = new IssuerKeyPair("key-1", "ES256");
  const brought: Readonly<Record<string, unknown>> = {
    jwk: key.publicJwk(),
    jku: `${berth.issuer.url}/keys`,
    x5u: `${berth.issuer.url}/certificate`,
    x5c: ["MIIB"],
  };
  await expectRefusal(await berth.issuer.sign({}, { [name]: brought[name] }, { key }), "header_refused");
});

// attack 18
it.each(["at+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt"])(
  "a token of the type %s mints nothing",
  async (typ) => {
    await expectRefusal(await berth.issuer.sign({}, { typ }), "header_refused");
  },
);

// attack 19
describe("a token of another form", () => {
  it("with five parts, as JWE has it, mints nothing", async () => {
    const header = encode({ alg: "RSA-OAEP", enc: "A256GCM", zip: "DEF", kid: "key-1" });
    await expectRefusal(`${header}.AA.AA.AA.AA`, "token_malformed");
  });

  it.each([
    [
      "flattened",
      (protectedHeader: string, payload: string, signature: string) => ({
        protected: protectedHeader,
        payload,
        signature,
      }),
    ],
    [
      "general",
      (protectedHeader: string, payload: string, signature: string) => ({
        payload,
        signatures: [{ protected: protectedHeader, signature }],
      }),
    ],
  ])("in the %s JSON serialisation mints nothing", async (_, form) => {
    const [header = "", payload = "", signature = ""] = (await berth.issuer.sign()).split(".");
    await expectRefusal(JSON.stringify(form(header, payload, signature)), "token_malformed");
  });

  it("that holds another token mints nothing", async () => {
    const inner = await berth.issuer.sign();
    await expectRefusal(
      berth.issuer.signingKey.sign({ alg: "ES256", kid: "key-1", cty: "JWT" }, inner),
      "token_malformed",
    );
  });

  it.each([{ zip: "DEF" }, { b64: false }, { b64: false, crit: ["b64"] }])(
    "with %j mints nothing",
    async (header) => {
      await expectRefusal(await berth.issuer.sign({}, header), "header_refused");
    },
  );
});

it("and the same token without any of it is exchanged", async () => {
  expect((await exchange(berth.app, await berth.issuer.sign())).status).toBe(200);
});
