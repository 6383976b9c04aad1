import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../test/support/baseline.ts";
import { comparableClaim } from "./identity/claims.ts";
import { profileNamed } from "./identity/profiles/all.ts";
import { JsonNumber, type JsonValue } from "./identity/strict-json.ts";
import { claimsOfRecord, type NearMissCandidate, nearMissOf, stableClaims } from "./near-miss.ts";
import type { FederationRule } from "./rules/federation-rule.ts";

const GITHUB = {
  iss: ISSUER_URL,
  sub: SUBJECT,
  aud: PUBLIC_URL,
  iat: new JsonNumber("1700000000"),
  jti: "job-1",
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  ref: "refs/heads/main",
  sha: "abc",
  run_id: "1",
  event_name: "push",
  actor: "octocat",
  actor_id: "7",
  head_ref: "anything",
};

type Change = Readonly<Record<string, JsonValue>>;

function candidate(claims: Change = {}, change: Partial<NearMissCandidate> = {}): NearMissCandidate {
  return {
    requestId: "request-1",
    at: 1_700_000_000_123,
    robot: "acme+builder",
    profile: "github",
    claims: new Map(Object.entries({ ...GITHUB, ...claims })),
    ...change,
  };
}

const RULES = [aRule({ subject: "x", claims: { repository_owner_id: ["42"] } })];

async function missOf(claims: Change = {}, personal = false) {
  const sighting = await nearMissOf(candidate(claims), RULES, personal);
  if (sighting === undefined) throw new Error("not kept");
  return sighting.miss;
}

describe("nearMissOf", () => {
  it("keeps the claims of the family's list, and no other", async () => {
    const { tenants, recyclable, provenance } = profileNamed("github");
    const listed = [...tenants, ...recyclable].flatMap(({ claim, id = claim }) => [claim, id]);
    const allowed = new Set(["iss", "sub", "aud", ...listed, ...provenance]);
    const personal = ["actor", "actor_id"];
    const claims = Object.entries(GITHUB).filter(([name]) => allowed.has(name) && !personal.includes(name));
    expect(await nearMissOf(candidate(), RULES, false)).toStrictEqual({
      at: 1_700_000_000_123,
      requestId: "request-1",
      miss: {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        namespace: "acme",
        tenant: "repository_owner_id=42",
        robot: "acme+builder",
        profile: "github",
        claims: Object.fromEntries(claims),
      },
    });
    expect(claims.map(([name]) => name)).toEqual(expect.arrayContaining(["repository_id", "run_id"]));
    expect(Object.fromEntries(claims)).not.toHaveProperty("head_ref");
  });

  it.each<{ family: string; claims: Change; rule: FederationRule["claims"]; kept: Change }>([
    {
      family: "github",
      claims: { enterprise_id: "9" },
      rule: { repository_owner_id: ["42"] },
      kept: { enterprise_id: "9" },
    },
    {
      family: "circleci",
      claims: { "oidc.circleci.com/org-id": "1", "oidc.circleci.com/project-id": "2" },
      rule: { "oidc.circleci.com/org-id": ["1"] },
      kept: { "oidc.circleci.com/org-id": "1", "oidc.circleci.com/project-id": "2" },
    },
  ])("keeps the ids of $family that no name stands before", async ({ family, claims, rule, kept }) => {
    const rules = [aRule({ subject: "x", claims: rule })];
    const found = await nearMissOf(candidate(claims, { profile: family }), rules, false);
    expect(found?.miss.claims).toMatchObject(kept);
  });

  it("keeps issuer, subject and audience alone of a family of which nothing is known", async () => {
    const found = await nearMissOf(candidate({}, { profile: "generic" }), [aRule()], true);
    expect(found?.miss.claims).toStrictEqual({ iss: ISSUER_URL, sub: SUBJECT, aud: PUBLIC_URL });
  });

  it("keeps who started the job only where a setting says so", async () => {
    expect((await missOf({}, true)).claims).toMatchObject({ actor: "octocat", actor_id: "7" });
  });

  it("keeps nothing of a stranger's token", async () => {
    expect(await nearMissOf(candidate({ repository_owner_id: "43" }), RULES, true)).toBeUndefined();
  });

  it.each(["user:jane.doe@example.com", "jane@mail.example.com", "mailto:j@example.org/x"])(
    "keeps no mail address, such as the subject %s",
    async (sub) => {
      expect((await missOf({ sub })).claims).not.toHaveProperty("sub");
      expect((await missOf({ sub }, true)).claims).toMatchObject({ sub });
    },
  );

  it("takes GitHub's subject with ids for no mail address", async () => {
    const sub = "repo:acme@42/app.js@4711:ref:refs/heads/main";
    expect((await missOf({ sub })).claims).toMatchObject({ sub });
  });

  it("names no person as a tenant", async () => {
    const google = candidate({ email: "jane@example.com", azp: "1" }, { profile: "google" });
    const rules = [aRule({ claims: { email: ["jane@example.com"] } })];
    const kept = await nearMissOf(google, rules, false);
    expect(kept?.miss.tenant).toMatch(/^email=sha256:[0-9a-f]{16}$/);
    expect(JSON.stringify(kept)).not.toContain("jane");
    expect((await nearMissOf(google, rules, true))?.miss.tenant).toBe("email=jane@example.com");
  });

  it("says what kind of job it was where such are denied", async () => {
    const pod = candidate({ sub: "system:serviceaccount:acme:default" }, { profile: "kubernetes" });
    expect((await nearMissOf(pod, [aRule()], false))?.miss.denied).toMatch(/service account/);
  });

  it.each<{ aud: JsonValue; kept: string | undefined }>([
    { aud: [PUBLIC_URL], kept: PUBLIC_URL },
    { aud: [], kept: undefined },
    { aud: null, kept: undefined },
  ])("keeps the audience $kept of $aud", async ({ aud, kept }) => {
    expect((await missOf({ aud })).claims.aud).toBe(kept);
  });

  it.each<{ differs: string; change: Change; same: boolean }>([
    { differs: "the run", change: { run_id: "2", sha: "def", ref: "refs/heads/dev" }, same: true },
    { differs: "a claim that is not kept", change: { jti: "job-2", head_ref: "x" }, same: true },
    { differs: "the subject", change: { sub: "repo:acme/app:environment:staging" }, same: false },
    { differs: "an id", change: { repository_id: "4712" }, same: false },
    { differs: "whether it is denied", change: { event_name: "pull_request" }, same: false },
  ])("counts it as the same: $same, when $differs differs", async ({ change, same }) => {
    expect((await missOf(change)).id === (await missOf()).id).toBe(same);
  });

  it("keeps kinds of denied jobs apart", async () => {
    const [event, noRef] = [await missOf({ event_name: "pull_request" }), await missOf({ ref: "" })];
    expect(noRef.denied).toMatch(/without a ref/);
    expect(event.id).not.toBe(noRef.id);
  });

  it("keeps robots apart", async () => {
    const other = await nearMissOf(candidate({}, { robot: "acme+other" }), RULES, false);
    expect(other?.miss.id).not.toBe((await missOf()).id);
  });
});

it("tells the claims of a run from the rest", async () => {
  const { claims } = await missOf();
  expect(claims).toMatchObject({ run_id: "1", repository_id: "4711" });
  const stable = stableClaims(claims, profileNamed("github"));
  expect(stable).toMatchObject({ sub: SUBJECT, repository_id: "4711" });
  expect(stable).not.toHaveProperty("run_id");
});

describe("claimsOfRecord", () => {
  const record = {
    sub: "x",
    "oidc.circleci.com/org-id": "1",
    "/kubernetes.io/namespace": "acme",
    "/kubernetes.io/pod/uid": "2",
    "/https:~1~1sts.amazonaws.com~1/org~0id": "3",
  };

  it("gives back what was kept, by name and by path", () => {
    const claims = claimsOfRecord(record);
    for (const [name, value] of Object.entries(record)) expect(comparableClaim(claims, name)).toBe(value);
  });

  it("lets the later of two records of one place stand", () => {
    const claims = claimsOfRecord({ "kubernetes.io": "x", "/kubernetes.io/namespace": "acme" });
    expect(comparableClaim(claims, "/kubernetes.io/namespace")).toBe("acme");
  });
});
