import { createPublicKey, X509Certificate } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRegistry, PUBLIC_URL, SERVICE } from "../../../test/support/baseline.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { newCredentialSecret, newRobotToken, type Secret } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err } from "../../domain/result.ts";
import { exchangeIdentityToken } from "../exchange/exchange-identity-token.ts";
import { issueRegistryToken } from "./issue-registry-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

interface Asked {
  readonly service?: string;
  readonly scope?: string;
  readonly password?: string;
  readonly username?: string;
}

function issue({ service = SERVICE, scope = "repository:acme/app:pull,push", password, username }: Asked) {
  const login = password === undefined ? {} : { login: { username: username ?? "acme+builder", password } };
  return issueRegistryToken(world.deps, { service, scopes: parseDockerScopes([scope]), ...login }, CONTEXT);
}

async function issued(asked: Asked) {
  const outcome = await issue(asked);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

/** The claims, verified as a registry does: with the key of the leaf in the header. */
async function claimsOf(token: string) {
  const [leaf = ""] = decodeProtectedHeader(token).x5c ?? [];
  const key = createPublicKey(
    new X509Certificate(Buffer.from(leaf, "base64")).publicKey.export({ type: "spki", format: "pem" }),
  );
  const currentDate = new Date(world.clock.now());
  return (await jwtVerify(token, key, { issuer: PUBLIC_URL, audience: SERVICE, currentDate })).payload;
}

async function credential(): Promise<{ secret: Secret; id: string }> {
  const exchanged = await exchangeIdentityToken(
    world.deps,
    { subjectToken: await world.issuer.sign(), maxTokenBytes: 16_384, robot: "acme+builder", scopes: [] },
    CONTEXT,
  );
  if (!exchanged.ok) throw new Error(exchanged.error.reason);
  world.takeSteps();
  return { secret: exchanged.value.credential, id: exchanged.value.record.id };
}

describe("with a credential", () => {
  it("signs what was asked and is allowed, for five minutes", async () => {
    const { secret, id } = await credential();
    const { token, expiresIn } = await issued({ password: secret.expose() });
    const now = world.clock.seconds();
    expect(expiresIn).toBe(300);
    expect(await claimsOf(token)).toEqual({
      iss: PUBLIC_URL,
      sub: `acme+builder#${id}`,
      aud: SERVICE,
      exp: now + 300,
      nbf: now - 30,
      iat: now - 30,
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      access: [{ type: "repository", name: "acme/app", actions: ["pull", "push"] }],
    });
  });

  it("looks at the registry first, and signs last", async () => {
    const { secret } = await credential();
    await issued({ password: secret.expose() });
    expect(world.takeSteps()).toEqual([
      "system.findRegistry",
      "ledger.findCredential",
      "directory.findAccount",
      "system.findIssuer",
      "signer.sign",
      "trail.add",
    ]);
  });

  it("leaves an event with no secret in it", async () => {
    const { secret, id } = await credential();
    const { token } = await issued({
      password: secret.expose(),
      scope: "repository:acme/app:pull,push,delete",
    });
    expect(world.trail).toEqual([
      {
        kind: "registry_token.granted",
        at: world.clock.now(),
        ...CONTEXT,
        registry: SERVICE,
        robot: "acme+builder",
        scope: "repository:acme/app:pull,push",
        credentialId: id,
      },
    ]);
    for (const text of [secret.expose(), ...token.split(".")]) {
      expect(JSON.stringify(world.trail)).not.toContain(text);
    }
  });

  it("signs no longer than the credential lives", async () => {
    const { secret } = await credential();
    world.clock.advance(3500_000);
    world.storeClock.advance(3500_000);
    const { token, expiresIn } = await issued({ password: secret.expose() });
    expect(expiresIn).toBe(100);
    expect((await claimsOf(token)).exp).toBe(world.clock.seconds() + 100);
  });

  it("signs for as long as the registry is registered with", async () => {
    const { secret } = await credential();
    await world.put({ registries: [aRegistry({ tokenSeconds: 60 })] });
    expect(await issued({ password: secret.expose() })).toMatchObject({ expiresIn: 60 });
  });

  it.each([
    ["another repository", "repository:acme/other:pull", []],
    ["the catalogue", "registry:catalog:*", []],
    ["nothing", "", []],
    ["delete", "repository:acme/app:delete", []],
    [
      "everything",
      "repository:acme/app:*",
      [{ type: "repository", name: "acme/app", actions: ["pull", "push"] }],
    ],
  ])("asked for %s signs the part that is granted", async (_, scope, access) => {
    const { secret } = await credential();
    const { token } = await issued({ password: secret.expose(), scope });
    expect((await claimsOf(token)).access).toEqual(access);
  });

  it("cuts to the robot's permissions of now", async () => {
    const { secret } = await credential();
    await world.put({
      robot: { permissions: [{ registry: SERVICE, repository: "acme/app", role: "read" }] },
    });
    const { token } = await issued({ password: secret.expose() });
    expect((await claimsOf(token)).access).toEqual([
      { type: "repository", name: "acme/app", actions: ["pull"] },
    ]);
  });
});

it("with a robot token signs in its name, and without a credential's id", async () => {
  const secret = newRobotToken(world.deps.random);
  const token = { hash: await sha256Hex(secret.expose()), number: 3, createdAt: 1, declared: false };
  await world.put({ robot: { token } });
  const { token: jwt, expiresIn } = await issued({ password: secret.expose() });
  expect(expiresIn).toBe(300);
  expect(await claimsOf(jwt)).toMatchObject({ sub: "acme+builder#token-3" });
  expect(world.trail).toMatchObject([{ kind: "registry_token.granted", robot: "acme+builder" }]);
  expect(world.trail[0]).not.toHaveProperty("credentialId");
});

describe("without a login", () => {
  it("signs what anyone may pull", async () => {
    await world.put({ registries: [aRegistry({ anonymousPull: ["acme/**"] })] });
    world.takeSteps();
    const { token } = await issued({});
    expect(await claimsOf(token)).toMatchObject({
      sub: "anonymous",
      access: [{ type: "repository", name: "acme/app", actions: ["pull"] }],
    });
    expect(world.takeSteps()).toEqual(["system.findRegistry", "signer.sign", "trail.add"]);
    expect(world.trail).toEqual([
      {
        kind: "registry_token.granted",
        at: world.clock.now(),
        ...CONTEXT,
        registry: SERVICE,
        scope: "repository:acme/app:pull",
      },
    ]);
  });

  it("signs nothing where nobody may pull", async () => {
    const { token } = await issued({});
    expect(await claimsOf(token)).toMatchObject({ access: [] });
  });
});

describe("refuses", () => {
  it("a service that is not registered, before any look at the account", async () => {
    const { secret } = await credential();
    expect(await issue({ service: "other.example.com", password: secret.expose() })).toEqual(
      err({ reason: "service_unknown" }),
    );
    expect(world.takeSteps()).toEqual(["system.findRegistry"]);
    expect(world.trail).toEqual([]);
  });

  it("a wrong password, and leaves an event", async () => {
    const password = newCredentialSecret(7, world.deps.random).expose();
    expect(await issue({ password })).toEqual(err({ reason: "credentials_invalid" }));
    expect(world.takeSteps()).toEqual([
      "system.findRegistry",
      "ledger.findCredential",
      "directory.findAccount",
      "trail.add",
    ]);
    expect(world.trail).toEqual([
      {
        kind: "registry_token.refused",
        at: world.clock.now(),
        ...CONTEXT,
        registry: SERVICE,
        robot: "acme+builder",
        reason: "credentials_invalid",
      },
    ]);
  });

  it("a secret in the place of the name, which no event repeats", async () => {
    const { secret } = await credential();
    expect(await issue({ username: secret.expose(), password: "acme+builder" })).toEqual(
      err({ reason: "credentials_invalid" }),
    );
    expect(world.trail).toEqual([
      {
        kind: "registry_token.refused",
        at: world.clock.now(),
        ...CONTEXT,
        registry: SERVICE,
        reason: "credentials_invalid",
      },
    ]);
  });

  it("while the store does not answer", async () => {
    const { secret } = await credential();
    world.breakStore();
    const refused = { reason: "store_unavailable", detail: "the store did not answer: closed" };
    expect(await issue({ password: secret.expose() })).toEqual(err(refused));
    world.clock.advance(1000);
    expect(await issue({})).toEqual(err(refused));
    expect(world.trail).toEqual([]);
  });
});
