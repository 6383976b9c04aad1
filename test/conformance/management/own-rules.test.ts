import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aRule } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { credentialFor, exchange, registryToken } from "../../support/requests.ts";
import { storeRobot } from "../../support/stored-robot.ts";
import { ruleOf } from "./own-samples.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const BUILDER = "/namespaces/acme/robots/builder";
const RULES = `${BUILDER}/rules`;
const ID = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const DEFAULTS = { claims: {}, ttl_seconds: 3600, enabled: true, description: "" };

function first() {
  const { subject } = aRule();
  const rule = { issuer: world.berth.issuer.url, subject, ...DEFAULTS, description: "release builds" };
  return { id: "rule-1", rule };
}

async function add(change: object = {}, query = ""): Promise<string> {
  const made = await world.operator("POST", RULES + query, ruleOf(world, change));
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return (made.body as { id: string }).id;
}

async function ids(): Promise<readonly string[]> {
  const { body } = await world.operator("GET", RULES);
  return (body as { rules: { id: string }[] }).rules.map(({ id }) => id);
}

describe("a rule", () => {
  it("is added in the form of a declaration file, and read in the form in which it may be sent back", async () => {
    const written = ruleOf(world, {
      claims: { ref: ["main", "release/*"], count: 7, protected: true },
      permissions: [{ repository: "acme/app", role: "read" }],
      ttl_seconds: 900,
    });
    const rule = {
      ...DEFAULTS,
      ...written,
      claims: { ref: ["main", "release/*"], count: ["7"], protected: ["true"] },
      permissions: [{ registry: "registry.example.com", repository: "acme/app", role: "read" }],
    };
    const made = await world.operator("POST", RULES, written);
    expect([made.status, made.body]).toEqual([201, { id: ID, rule, warnings: expect.any(Array) }]);
    const { id } = made.body as { id: string };
    const got = await world.operator("GET", `${RULES}/${id}`);
    expect(got.body).toEqual({ id, rule, warnings: expect.any(Array) });
    const same = await world.operator("PUT", `${RULES}/${id}`, (got.body as { rule: object }).rule);
    expect(same.headers.get("etag")).toBe(got.headers.get("etag"));
    expect((await world.operator("GET", RULES)).body).toEqual({
      rules: [first(), { id, rule }],
      warnings: expect.any(Array),
    });
  });

  it("compares a claim of twenty digits by its digits", async () => {
    const body = JSON.stringify(ruleOf(world, { claims: { run: 0 } })).replace(
      '"run":0',
      '"run":12345678901234567891',
    );
    const made = await world.operator("POST", RULES, body);
    expect(made.body).toMatchObject({ rule: { claims: { run: ["12345678901234567891"] } } });
    await world.operator("DELETE", `${RULES}/rule-1`);
    const sub = ruleOf(world).subject;
    const sign = async (digits: string) => {
      const { iss, aud, iat, exp, jti } = JSON.parse(
        Buffer.from((await world.berth.issuer.sign()).split(".")[1] ?? "", "base64url").toString(),
      );
      const rest = JSON.stringify({ iss, aud, iat, exp, jti, sub }).slice(1);
      return world.berth.issuer.sign(`{"run":${digits},${rest}`);
    };
    const statuses = [];
    // As numbers the three are one.
    for (const digits of ["12345678901234567890", "12345678901234567892", "12345678901234567891"]) {
      statuses.push((await exchange(world.berth.app, await sign(digits))).status);
    }
    expect(statuses).toEqual([400, 400, 200]);
  });

  it("is put before another, and all in another order", async () => {
    const before = await add({}, "?before=rule-1");
    expect(await ids()).toEqual([before, "rule-1"]);
    const ordered = await world.operator("PUT", RULES, { ids: ["rule-1", before] });
    expect([ordered.status, ordered.body]).toMatchObject([
      200,
      { rules: [{ id: "rule-1" }, { id: before }] },
    ]);
    expect(await ids()).toEqual(["rule-1", before]);
  });

  it.each([[[]], [["rule-1", "rule-1"]], [["rule-2"]]])(
    "keeps its place when the order is %j",
    async (order) => {
      const { status, body } = await world.operator("PUT", RULES, { ids: order });
      expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
      expect(await world.changes()).toEqual([]);
    },
  );

  // attack 69
  it("ends what it earned when it is written anew, disabled or deleted", async () => {
    const ends = [
      ["PUT", ruleOf(world)],
      ["PATCH", { enabled: false }],
      ["DELETE", undefined],
    ] as const;
    for (const [method, body] of ends) {
      await world.reset();
      const password = await credentialFor(world.berth.app, await world.berth.issuer.sign());
      expect((await registryToken(world.berth.app, { password })).status).toBe(200);
      await world.operator(method, `${RULES}/rule-1`, body);
      expect((await registryToken(world.berth.app, { password })).status).toBe(401);
    }
  });

  it("of a file is disabled, for an emergency", async () => {
    await storeRobot(world.berth, { managedBy: "file", rules: [aRule({ issuer: world.berth.issuer.url })] });
    const disabled = await world.operator("PATCH", `${RULES}/rule-1`, { enabled: false });
    expect([disabled.status, disabled.body]).toMatchObject([200, { rule: { enabled: false } }]);
  });

  it("carries what the linter says, and the rule it says it of", async () => {
    const id = await add({ ttl_seconds: 3600, subject: "repo:acme/*:ref:refs/heads/main" });
    const { body } = await world.operator("GET", `${RULES}/${id}`);
    const { warnings } = body as { warnings: { rule: number }[] };
    const { body: all } = await world.operator("GET", RULES);
    const found = (all as { warnings: { rule: number }[] }).warnings;
    expect(warnings).toEqual(found.filter(({ rule }) => rule === 1));
  });
});

describe("a rule that does not fit", () => {
  it.each<[string, object, string]>([
    [
      "a permission at an unknown registry",
      { permissions: [{ registry: "nobody", repository: "acme/app", role: "read" }] },
      "permissions[0].registry is not the service of a declared registry",
    ],
    [
      "an audience that is not the issuer's",
      { audience: "https://elsewhere.example.com" },
      "audience is not one of the issuer's audiences",
    ],
    ["a claim that has a field of its own", { claims: { sub: "x" } }, "claims.sub is what subject says"],
    ["a lifetime under five minutes", { ttl_seconds: 299 }, "ttl_seconds"],
    ["a claim that is an object", { claims: { a: { b: 1 } } }, "claims.a"],
    ["an empty subject", { subject: "" }, "subject"],
    ["a claim named __proto__", JSON.parse('{"claims": {"__proto__": "x"}}'), "__proto__"],
  ])("is refused for %s", async (_, change, detail) => {
    const { status, body } = await world.operator("POST", RULES, ruleOf(world, change));
    expect([status, body]).toMatchObject([
      400,
      { reason: "request_malformed", detail: expect.stringContaining(detail) },
    ]);
    expect(await world.changes()).toEqual([]);
  });

  it("is told of in all that is wrong at once", async () => {
    const claims = { sub: "x", exp: 1 };
    const { body } = await world.operator("POST", RULES, ruleOf(world, { claims, audience: "x" }));
    const { detail } = body as { detail: string };
    for (const place of ["audience ", "claims.sub ", "claims.exp "]) expect(detail).toContain(place);
  });
});

describe("a dry run", () => {
  const lint = (rule: object, query = "") => world.operator("POST", `${RULES}/lint${query}`, rule);

  it("says what would be refused, and writes nothing", async () => {
    const { status, body } = await lint(ruleOf(world, { subject: "**" }));
    expect([status, body]).toMatchObject([
      200,
      {
        accepted: false,
        findings: expect.arrayContaining([
          expect.objectContaining({ rule: 1, level: "refuse", code: "pins-nothing" }),
        ]),
      },
    ]);
    expect(await world.changes()).toEqual([]);
    expect(await ids()).toEqual(["rule-1"]);
  });

  it("agrees with the saving", async () => {
    const same = { issuer: world.berth.issuer.url, subject: aRule().subject };
    expect((await lint(same)).body).toMatchObject({
      accepted: false,
      findings: expect.arrayContaining([expect.objectContaining({ code: "duplicate-rule" })]),
    });
    // In its place it is no second one.
    expect((await lint(same, "?replaces=rule-1")).body).toMatchObject({ accepted: true });
    expect((await world.operator("POST", RULES, same)).status).toBe(400);
    expect((await world.operator("PUT", `${RULES}/rule-1`, same)).status).toBe(200);
  });
});
