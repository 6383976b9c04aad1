import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import type { FederationRule } from "../../src/domain/rules/federation-rule.ts";
import { declare } from "../support/applied-declaration.ts";
import { SERVICE, SUBJECT } from "../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { type BerthProcess, startBerth } from "../support/berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "../support/fake-issuer.ts";
import { type Answer, type App, credentialFor, exchange, registryToken } from "../support/requests.ts";

const JOB = {
  sub: SUBJECT,
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  event_name: "push",
  ref: "refs/heads/main",
};
/** A job of the repository that somebody else made under the name that the first had. */
const IMPOSTOR = { ...JOB, repository_id: "815", repository_owner_id: "9" };

let berth: TestBerth;
const shown = async (claims: object) => exchange(berth.app, await berth.issuer.sign({ ...claims }));
const declared = (...rules: readonly Partial<FederationRule>[]) =>
  declare(berth, { issuers: [{ profile: "github" }], rules });

function withoutId({ status, body }: Answer) {
  const { request_id, ...rest } = body;
  return { status, ...rest };
}

describe("a rule that pins", () => {
  afterEach(() => berth.close());

  // attack 67
  it("refuses a recycled name as any other stranger, and what the first one got goes on", async () => {
    berth = await startTestBerth({ issuer: { profile: "github" } });
    await declared({ pin: "first-use" });
    const password = await credentialFor(berth.app, await berth.issuer.sign(JOB));
    const drifted = await shown(IMPOSTOR);
    expect(drifted).toMatchObject({ status: 400, body: { reason: "no_match" } });
    expect(withoutId(drifted)).toEqual(withoutId(await shown({ ...JOB, sub: "repo:nobody/app" })));
    expect(JSON.stringify(withoutId(drifted))).not.toMatch(/4711|815|pin/);
    expect(berth.trail[0]?.detail).toContain(
      "pinned repository_id 4711, repository_owner_id 42; shown repository_id 815, repository_owner_id 9",
    );
    expect(await berth.minted()).toBe(1);
    expect(await shown(JOB)).toMatchObject({ status: 200 });
    expect(await registryToken(berth.app, { password, scopes: ["repository:acme/app:pull"] })).toMatchObject({
      status: 200,
    });
  });

  it("pins the owner where it is for all repositories of one", async () => {
    berth = await startTestBerth({ issuer: { profile: "github" } });
    await declared({ pin: "first-use", subject: "repo:acme/*:ref:refs/heads/main" });
    const other = {
      ...JOB,
      sub: "repo:acme/b:ref:refs/heads/main",
      repository: "acme/b",
      repository_id: "12",
    };
    expect(await shown(JOB)).toMatchObject({ status: 200 });
    expect(await shown(other)).toMatchObject({ status: 200 });
    expect(await shown({ ...other, repository_owner_id: "9" })).toMatchObject({
      status: 400,
      body: { reason: "no_match" },
    });
  });

  it("keeps its pin while its content is the same, and pins anew when that is changed", async () => {
    berth = await startTestBerth({ issuer: { profile: "github" } });
    const pinning = { pin: "first-use", subject: SUBJECT } as const;
    await declared(pinning);
    expect(await shown(JOB)).toMatchObject({ status: 200 });
    await declared(
      { subject: "repo:acme/other:*" },
      { ...pinning, description: "moved, and described anew" },
    );
    expect(await shown(IMPOSTOR)).toMatchObject({ body: { reason: "no_match" } });
    await declared({ ...pinning, enabled: false });
    await declared(pinning);
    expect(await shown(IMPOSTOR)).toMatchObject({ body: { reason: "no_match" } });
    await declared({ ...pinning, ttlSeconds: 600 });
    expect(await shown(IMPOSTOR)).toMatchObject({ status: 200 });
    expect(await shown(JOB)).toMatchObject({ body: { reason: "no_match" } });
  });
});

it("a pin is there after a restart", async () => {
  const issuer = await startFakeIssuer();
  const folder = mkdtempSync(join(tmpdir(), "berth-pins-"));
  onTestFinished(async () => {
    await issuer.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (port?: number) =>
    startBerth({ declaration: declarationOf(issuer), folder, ...(port === undefined ? {} : { port }) });
  const first = await start();
  const before = await shownTo(first, issuer, JOB).finally(() => first.stop());
  expect(before).toMatchObject({ status: 200 });
  const second = await start(first.port);
  try {
    expect(await shownTo(second, issuer, IMPOSTOR)).toMatchObject({ body: { reason: "no_match" } });
    expect(await shownTo(second, issuer, JOB)).toMatchObject({ status: 200 });
  } finally {
    await second.stop();
  }
});

function declarationOf(issuer: FakeIssuer): string {
  return stringify({
    issuers: [
      {
        url: issuer.url,
        profile: "github",
        algorithms: ["ES256"],
        ca_pem: issuer.caPem,
        private_network: true,
      },
    ],
    registries: [{ service: SERVICE, url: "https://registry.example.com", token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: [
          {
            name: "builder",
            permissions: [{ repository: "acme/app", role: "write" }],
            rules: [{ issuer: issuer.url, subject: SUBJECT, pin: "first-use" }],
          },
        ],
      },
    ],
  });
}

async function shownTo({ url }: BerthProcess, issuer: FakeIssuer, claims: object): Promise<Answer> {
  const app: App = { request: (path, init) => fetch(url + path, init) };
  return exchange(app, await issuer.sign({ ...claims, aud: url }));
}
