import { afterEach, describe, expect, it } from "vitest";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { newCredentialSecret } from "../../src/domain/accounts/secret.ts";
import type { RegistryTokenReason } from "../../src/domain/rejection.ts";
import { DOCKER_ERRORS } from "../../src/http/registry/docker-error.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { limitedApp } from "../support/limited-app.ts";
import {
  type Answer,
  credentialFor,
  registryToken,
  registryTokenByForm,
  revoke,
} from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const HOUR_MS = 3_600_000;

/** Seconds, by status: of a limit until it has one more. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 429: "4", 503: "2" };

/** One change of a request that the baseline's credential would get a token for. */
const ATTEMPTS: Record<RegistryTokenReason, (berth: TestBerth, credential: string) => Promise<Answer>> = {
  request_malformed: (b, credential) =>
    registryTokenByForm(b.app, credential, { username: ["acme+builder", "acme+other"] }),
  grant_type_unsupported: (b, credential) =>
    registryTokenByForm(b.app, credential, { grant_type: "refresh_token", refresh_token: credential }),
  service_unknown: (b, password) => registryToken(b.app, { password, service: "registry.example.org" }),
  credentials_invalid: (b) => registryToken(b.app, { password: newCredentialSecret(7, webRandom).expose() }),
  credential_expired: (b, password) => {
    b.clock.advance(HOUR_MS);
    b.storeClock.advance(HOUR_MS);
    return registryToken(b.app, { password });
  },
  credential_revoked: async (b, password) => {
    await revoke(b.app, password);
    return registryToken(b.app, { password });
  },
  rate_limited: async (b, password) => {
    const app = limitedApp(b, { perSecond: 0.25, burst: 1 })("203.0.113.9");
    await registryToken(app, { password });
    return registryToken(app, { password });
  },
  store_unavailable: (b, password) => {
    b.breakStore();
    return registryToken(b.app, { password });
  },
};

/** RFC 7617 §2: a 401 names the scheme; nothing else does. */
const CHALLENGE = 'Basic realm="Berth", charset="UTF-8"';

describe("every reason for refusing a registry token", () => {
  it.each(Object.keys(ATTEMPTS) as RegistryTokenReason[])("%s", async (reason) => {
    berth = await startTestBerth();
    const credential = await credentialFor(berth.app, await berth.issuer.sign());
    const answer = await ATTEMPTS[reason](berth, credential);
    const { status, code, message } = DOCKER_ERRORS[reason];
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ errors: [{ code, message }] });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? CHALLENGE : null);
    expect(answer.headers.get("retry-after")).toBe(RETRY_AFTER[status] ?? null);
    expect(berth.log.at(-1)).toMatchObject({ message: "request", reason, route: "/v2/auth", status });
    expect(answer.headers.get("x-request-id")).toBe(berth.log.at(-1)?.request_id);
    const granted = berth.trail.filter(({ kind }) => kind === "registry_token.granted");
    expect(granted).toHaveLength(reason === "rate_limited" ? 1 : 0);
  });

  it("has a valid baseline", async () => {
    berth = await startTestBerth();
    const password = await credentialFor(berth.app, await berth.issuer.sign());
    const answers = [
      await registryToken(berth.app, { password }),
      await registryTokenByForm(berth.app, password),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

it("tells in one line, with a code that clients know", () => {
  for (const { code, message } of Object.values(DOCKER_ERRORS)) {
    // `docker push` takes any other code for a passing fault, and tries for a minute.
    expect(["UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS", "UNKNOWN"]).toContain(code);
    expect(message).toMatch(/^[\x20-\x7e]{1,200}$/);
  }
});
