import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNearMiss, SUBJECT } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { exchange } from "../../support/requests.ts";

let world: ManagedBerth;
// A Berth each: near misses and refusals are not put back.
beforeEach(async () => {
  world = await startManagedBerth();
});
afterEach(() => world.berth.close());

const EXPLAIN = "/namespaces/acme/robots/builder/explain";

async function keep(count: number): Promise<void> {
  const { nearMisses, clock, issuer } = world.berth;
  const sightings = Array.from({ length: count }, (_, at) => ({
    miss: aNearMiss({
      id: String(at).padStart(64, "0"),
      profile: "generic",
      claims: { iss: issuer.url, sub: `repo:acme/app-${at}` },
    }),
    at: clock.now(),
    requestId: `request-${at}`,
  }));
  await nearMisses.keep("acme", sightings, 3, clock.now());
}

describe("near misses", () => {
  it("come with the rule that each would take, in the form in which it may be posted", async () => {
    await keep(1);
    const { status, body } = await world.operator("GET", "/namespaces/acme/near-misses");
    const rule = {
      issuer: world.berth.issuer.url,
      subject: "repo:acme/app-0",
      claims: {},
      ttl_seconds: 900,
      enabled: true,
      description: "",
    };
    expect([status, body]).toEqual([
      200,
      {
        near_misses: [
          {
            id: "0".repeat(64),
            robot: "acme+builder",
            tenant: "repository_owner_id=42",
            profile: "generic",
            claims: { iss: world.berth.issuer.url, sub: "repo:acme/app-0" },
            seen_at: new Date(world.berth.clock.now()).toISOString(),
            times: 1,
            request_ids: ["request-0"],
            proposal: { rule, findings: [] },
          },
        ],
        strangers: 3,
      },
    ]);
    expect((await world.operator("POST", "/namespaces/acme/robots/builder/rules", rule)).status).toBe(201);
  });

  it("say why there is no rule for one", async () => {
    const { nearMisses, clock, issuer } = world.berth;
    const miss = aNearMiss({ claims: { iss: issuer.url, sub: "repo:acme/*" } });
    await nearMisses.keep("acme", [{ miss, at: clock.now(), requestId: "r" }], 0, clock.now());
    const { body } = await world.operator("GET", "/namespaces/acme/near-misses");
    expect(body).toMatchObject({ near_misses: [{ no_proposal: "wildcard_in_value" }] });
  });

  it("are read a page at a time", async () => {
    await keep(5);
    const subjects: (string | undefined)[] = [];
    let next = "";
    do {
      const { body } = await world.operator("GET", `/namespaces/acme/near-misses?limit=2${next}`);
      const page = body as { near_misses: { claims: { sub: string } }[]; next_page?: string };
      expect(page.near_misses.length).toBeLessThanOrEqual(2);
      subjects.push(...page.near_misses.map(({ claims }) => claims.sub));
      next = page.next_page === undefined ? "" : `&next_page=${page.next_page}`;
    } while (next !== "");
    expect(subjects).toEqual([0, 1, 2, 3, 4].map((at) => `repo:acme/app-${at}`));
  });
});

describe("an explanation", () => {
  it("goes rule by rule, condition by condition", async () => {
    const iss = world.berth.issuer.url;
    const { status, body } = await world.operator("POST", EXPLAIN, { claims: { iss, sub: "repo:acme/x" } });
    expect([status, body]).toMatchObject([
      200,
      {
        robot: "acme+builder",
        robot_enabled: true,
        outcome: "failed",
        issuer_checks: [{ check: "issuer", outcome: "met" }, {}, {}, {}],
        rules: [
          {
            rule_id: "rule-1",
            outcome: "failed",
            first_failure: "subject",
            conditions: expect.arrayContaining([
              { condition: "subject", outcome: "failed", wanted: [SUBJECT], said: ["repo:acme/x"] },
            ]),
          },
        ],
        pins: [],
      },
    ]);
  });

  it("names the rule that decides, of claims as an object, as text, and of an unsigned token", async () => {
    const claims = { iss: world.berth.issuer.url, sub: SUBJECT };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = `${part({ alg: "none" })}.${part(claims)}.`;
    for (const asked of [claims, JSON.stringify(claims), unsigned]) {
      const { body } = await world.operator("POST", EXPLAIN, { claims: asked });
      expect(body).toMatchObject({ deciding_rule: "rule-1", rules: [{ outcome: "met" }] });
    }
  });

  it("compares twenty digits as they stand", async () => {
    const claims = `{"iss":${JSON.stringify(world.berth.issuer.url)},"sub":"${SUBJECT}","run":[1,{"a":null}],"n":12345678901234567891}`;
    const rule = JSON.stringify({ issuer: world.berth.issuer.url, subject: "repo:acme/n", claims: { n: 0 } });
    const path = "/namespaces/acme/robots/builder/rules/rule-1";
    expect(
      (await world.operator("PUT", path, rule.replace('"n":0', '"n":12345678901234567891'))).status,
    ).toBe(200);
    const { body } = await world.operator("POST", EXPLAIN, `{"claims":${claims}}`);
    expect(JSON.stringify(body)).toContain('"said":["12345678901234567891"]');
  });

  it("recalls a refused exchange", async () => {
    const token = await world.berth.issuer.sign({ sub: "repo:acme/x" });
    const refused = await exchange(world.berth.app, token);
    await world.berth.ledger.record(world.berth.trail);
    const request_id = refused.body.request_id;
    const { status, body } = await world.operator("POST", EXPLAIN, { request_id });
    expect([status, body]).toMatchObject([
      200,
      { recorded: { request_id, robot: "acme+builder", reason: "no_match", claims: { sub: "repo:acme/x" } } },
    ]);
  });

  it("refuses a token that still opens something, and does not repeat it", async () => {
    const claims = await world.berth.issuer.sign();
    for (const body of [{ claims }, { claims: { token: claims } }]) {
      const refused = await world.operator("POST", EXPLAIN, body);
      expect([refused.status, refused.body]).toMatchObject([
        400,
        { reason: "request_malformed", detail: expect.stringContaining("with its signature") },
      ]);
      expect(JSON.stringify([refused.body, world.berth.log])).not.toContain(claims);
    }
  });

  it.each([
    ["nothing", {}],
    ["both", { claims: {}, request_id: "x" }],
    ["a list", { claims: [] }],
    ["no claims", { claims: "hello" }],
    ["claims that are too long", { claims: { a: "x".repeat(20_000) } }],
  ])("refuses %s", async (_, asked) => {
    const { status, body } = await world.operator("POST", EXPLAIN, asked);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
  });
});
