import { X509Certificate } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, importX509, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { aRegistry, PUBLIC_URL, SERVICE } from "../../../test/support/baseline.ts";
import { aKeyWorld, KEY_TEST_NOW, type KeyWorld } from "../../../test/support/key-world.ts";
import type { RegistryTokenClaims } from "../../usecases/key-ports.ts";
import { type Rotation, rotateKeys } from "../../usecases/upkeep/rotate-keys.ts";
import { NodeSigner } from "./node-signer.ts";
import { WebSigner } from "./web-signer.ts";

const X5C = aRegistry();
const KID = aRegistry({ tokenForm: "kid" });
const PINNED = aRegistry({ tokenForm: "pinned" });
const PUBLISH: Rotation = { use: "kid", step: "publish" };
const ACTIVATE: Rotation = { use: "kid", step: "activate" };

const CLAIMS: RegistryTokenClaims = {
  iss: PUBLIC_URL,
  sub: "acme+builder#07ab",
  aud: SERVICE,
  exp: KEY_TEST_NOW + 300,
  nbf: KEY_TEST_NOW - 30,
  iat: KEY_TEST_NOW - 30,
  jti: "jti-1",
  access: [{ type: "repository", name: "acme/app", actions: ["pull", "push"] }],
};

const EXPECTED = { issuer: PUBLIC_URL, audience: SERVICE, algorithms: ["ES256"] };

function options({ clock }: KeyWorld) {
  return { ...EXPECTED, currentDate: new Date(clock.now()) };
}

async function verifyAtJwks(token: string, world: KeyWorld) {
  const jwks = (await world.ring.jwks()) as JSONWebKeySet;
  return jwtVerify(token, createLocalJWKSet(jwks), options(world));
}

describe.each([
  ["NodeSigner", NodeSigner],
  ["WebSigner", WebSigner],
] as const)("%s", (_, Signer) => {
  it("puts a leaf into x5c that chains up to the CA certificate, and no key id", async () => {
    const world = await aKeyWorld();
    const token = await new Signer(world.ring).sign(X5C, CLAIMS);
    const header = decodeProtectedHeader(token);
    expect(Object.keys(header)).toEqual(["alg", "typ", "x5c"]);
    expect(header.x5c).toHaveLength(1);
    const leaf = new X509Certificate(Buffer.from(header.x5c?.[0] ?? "", "base64"));
    const ca = new X509Certificate(await world.ring.caPem());
    expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true);
    const { payload } = await jwtVerify(token, await importX509(leaf.toString(), "ES256"), options(world));
    expect(payload).toEqual(CLAIMS);
  });

  it("names a key of the JWKS, and nothing else", async () => {
    const world = await aKeyWorld();
    const token = await new Signer(world.ring).sign(KID, CLAIMS);
    const { publicJwk } = world.store.key("kid-1");
    expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "JWT", kid: publicJwk.kid });
    await expect(verifyAtJwks(token, world)).resolves.toMatchObject({ payload: CLAIMS });
  });

  it("signs for a pinned registry with a key of its own", async () => {
    const world = await aKeyWorld();
    const signer = new Signer(world.ring);
    const other = { ...PINNED, service: "zot.example.com" };
    const token = await signer.sign(PINNED, CLAIMS);
    await signer.sign(other, CLAIMS);
    const own = world.store.key(`pinned-${SERVICE}-1`);
    const others = world.store.key("pinned-zot.example.com-1");
    expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "JWT", kid: own.publicJwk.kid });
    const verifyWith = async (pem = "") => jwtVerify(token, await importX509(pem, "ES256"), options(world));
    await expect(verifyWith(own.certificatePem)).resolves.toMatchObject({ payload: CLAIMS });
    await expect(verifyWith(others.certificatePem)).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
    await expect(verifyAtJwks(token, world)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  });

  it("writes the claims in their order, and nothing besides", async () => {
    const world = await aKeyWorld();
    const { access, ...rest } = CLAIMS;
    const shuffled = { secret: "s", access: access.map((entry) => ({ secret: "s", ...entry })), ...rest };
    const token = await new Signer(world.ring).sign(KID, shuffled);
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    expect(payload).toBe(JSON.stringify(CLAIMS));
  });

  it("keeps to the size that was measured, so that a registry behind nginx takes it", async () => {
    const world = await aKeyWorld();
    const token = await new Signer(world.ring).sign(X5C, CLAIMS);
    expect(token.length).toBeLessThan(1400);
  });

  it("imports a key once", async () => {
    const { ring } = await aKeyWorld();
    const { kid, header, pkcs8 } = await ring.signingKey(KID);
    let imports = 0;
    const key = {
      kid,
      header,
      get pkcs8() {
        imports += 1;
        return pkcs8;
      },
    };
    const signer = new Signer({ signingKey: async () => key });
    await signer.sign(KID, CLAIMS);
    await signer.sign(KID, CLAIMS);
    expect(imports).toBe(1);
  });

  it("makes many signatures that all verify", async () => {
    const world = await aKeyWorld();
    const signer = new Signer(world.ring);
    const tokens = await Promise.all(
      Array.from({ length: 300 }, (_, at) => signer.sign(KID, { ...CLAIMS, jti: String(at) })),
    );
    for (const token of tokens) await verifyAtJwks(token, world);
    expect(new Set(tokens).size).toBe(300);
  });
});

describe("a rotation of the key of kid registries", () => {
  it("publishes before it signs, and keeps the old key for an hour", async () => {
    const world = await aKeyWorld();
    const signer = new NodeSigner(world.ring);
    const kidOf = async () => decodeProtectedHeader(await signer.sign(KID, CLAIMS)).kid;
    const before = await signer.sign(KID, CLAIMS);
    const first = world.store.key("kid-1").publicJwk.kid;

    await rotateKeys(world.deps, PUBLISH, "request-1");
    world.clock.advance(1);
    const second = world.store.key("kid-2").publicJwk.kid;
    expect(await kidOf()).toBe(first);
    expect((await world.ring.jwks()).keys).toMatchObject([{ kid: first }, { kid: second }]);

    await rotateKeys(world.deps, ACTIVATE, "request-1");
    world.clock.advance(1);
    expect(await kidOf()).toBe(second);
    await expect(verifyAtJwks(before, world)).resolves.toMatchObject({ payload: CLAIMS });

    world.clock.advance(3599);
    expect((await world.ring.jwks()).keys).toMatchObject([{ kid: second }]);
  });
});
