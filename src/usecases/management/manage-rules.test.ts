import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SERVICE } from "../../../test/support/baseline.ts";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import { err, ok } from "../../domain/result.ts";
import {
  type FederationRule,
  MAX_RULES_CHARACTERS,
  MAX_RULES_PER_ROBOT,
} from "../../domain/rules/federation-rule.ts";
import type { ChangeContext } from "./change-context.ts";
import { createRule, deleteRule, listRules, reorderRules, updateRule } from "./manage-rules.ts";
import { robotVersion } from "./robot-version.ts";

const BUILDER: RobotName = "acme+builder";
const DRAWN = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);
const FIRST = aRule();
const SECOND = aRule({ id: "rule-2", nonce: "nonce-2", subject: "repo:acme/second" });
const THIRD = aRule({ id: "rule-3", nonce: "nonce-3", subject: "repo:acme/third" });

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{ rules: [FIRST, SECOND, THIRD] }] });
});
afterEach(() => world.close());

function declared(change: Partial<DeclaredRule> = {}): DeclaredRule {
  const { id: _, nonce: __, ...rule } = aRule();
  return { ...rule, subject: "repo:acme/new", ...change };
}

const create = (rule: DeclaredRule, before?: string, context = aChangeBy(), name = BUILDER) =>
  createRule(world.deps, name, rule, before === undefined ? {} : { before }, context);
const rules = async () => (await world.robot())?.rules;
const ids = async () => (await rules())?.map(({ id }) => id);
const findingCodes = (refused: object) =>
  "findings" in refused && Array.isArray(refused.findings) ? refused.findings.map(({ code }) => code) : [];

describe("listRules", () => {
  it("gives the rules, their version, and what the linter says of them", async () => {
    const robot = {
      ...FIRST,
      permissions: [{ registry: SERVICE, repository: "acme/b", role: "read" as const }],
    };
    await world.put({ robots: [{ rules: [robot, SECOND] }] });
    const listed = await listRules(world.deps, BUILDER);
    expect(listed).toEqual(ok({ rules: [robot, SECOND], version: VERSION, warnings: expect.any(Array) }));
    const stored = await world.robot();
    expect(listed.ok && listed.value.version).toBe(stored && (await robotVersion(stored)));
    expect(listed.ok && listed.value.warnings.map(({ ruleIndex, code }) => `${ruleIndex} ${code}`)).toContain(
      "0 permission-beyond-robot",
    );
  });

  it.each<{ name: RobotName; reason: string; detail: string }>([
    { name: "acme+nobody", reason: "robot_unknown", detail: "acme+nobody" },
    { name: "other+builder", reason: "namespace_unknown", detail: "other" },
    { name: "a{c}me+x", reason: "name_malformed", detail: "a{c}me+x" },
  ])("refuses $name", async ({ name, reason, detail }) => {
    expect(await listRules(world.deps, name)).toEqual(err({ reason, detail }));
  });

  it("refuses while the store does not answer", async () => {
    world.breakStore();
    expect(await listRules(world.deps, BUILDER)).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

describe("createRule", () => {
  it("adds it as the last, with an id and a nonce of its own", async () => {
    const created = await create(declared());
    const rule = { ...declared(), id: DRAWN, nonce: DRAWN };
    expect(created).toEqual(ok({ rule, version: VERSION, warnings: expect.any(Array) }));
    expect(await rules()).toEqual([FIRST, SECOND, THIRD, rule]);
    expect(await world.robot()).toMatchObject({ nonce: "robot-nonce" });
    expect(await world.events()).toMatchObject([
      {
        kind: "directory.changed",
        actor: "token:1",
        robot: BUILDER,
        ruleId: DRAWN,
        changes: [{ after: { rules: [{ subject: "repo:acme/new" }] } }],
      },
    ]);
    expect(JSON.stringify(await world.events())).not.toContain(created.ok ? created.value.rule.nonce : "");
  });

  it("adds it before another", async () => {
    await create(declared(), "rule-2");
    expect(await ids()).toEqual(["rule-1", DRAWN, "rule-2", "rule-3"]);
  });

  it("lets a CI job write it, and tells of its own warnings alone", async () => {
    const created = await create(declared({ audience: PUBLIC_URL }), "rule-1", aChangeBy(A_JOB));
    if (!created.ok) throw new Error(created.error.reason);
    const warnings = created.value.warnings.map(({ ruleIndex }) => ruleIndex);
    expect(new Set(warnings)).toEqual(new Set([0]));
  });

  it.each<{ what: string; change?: Partial<DeclaredRule>; before?: string; name?: RobotName; error: object }>(
    [
      {
        what: "an issuer that is not registered",
        change: { issuer: "https://other.example.com" },
        error: { reason: "issuer_unknown", detail: "https://other.example.com" },
      },
      {
        what: "an audience that is not the issuer's",
        change: { audience: "other" },
        error: { reason: "request_malformed", detail: `audience is not one of the issuer's: ${PUBLIC_URL}` },
      },
      {
        what: "a place before no rule",
        before: "rule-9",
        error: { reason: "rule_unknown", detail: "rule-9" },
      },
      { what: "no robot", name: "acme+nobody", error: { reason: "robot_unknown", detail: "acme+nobody" } },
      {
        what: "no namespace",
        name: "other+builder",
        error: { reason: "namespace_unknown", detail: "other" },
      },
      {
        what: "API scopes beside permissions",
        change: { apiScopes: ["rules:write"] },
        error: expect.objectContaining({ reason: "rules_refused" }),
      },
    ],
  )("refuses $what, and writes nothing", async ({ change, before, name, error }) => {
    expect(await create(declared(change), before, aChangeBy(), name)).toEqual(err(error));
    expect(await ids()).toEqual(["rule-1", "rule-2", "rule-3"]);
    expect(await world.events()).toEqual([]);
  });

  it("refuses what the linter refuses, with the findings and their sentences", async () => {
    const beyond = declared({ permissions: [{ registry: SERVICE, repository: "acme/b", role: "read" }] });
    const refused = await create(beyond, "rule-1");
    if (refused.ok) throw new Error("saved");
    expect(findingCodes(refused.error)).toEqual(["permission-beyond-robot"]);
    expect(refused.error).toMatchObject({
      reason: "rules_refused",
      detail:
        "rule 1.permissions.0 is not within the robot's permissions; add it there first [permission-beyond-robot]",
    });
    expect(await world.events()).toEqual([]);
  });

  it("refuses one that keeps another from being reached", async () => {
    const refused = await create(declared({ subject: "repo:acme/**" }), "rule-1");
    expect(!refused.ok && findingCodes(refused.error)).toEqual(Array(3).fill("unreachable-rule"));
  });

  it("takes as many as a robot may have, and not one more", async () => {
    const many = Array.from({ length: MAX_RULES_PER_ROBOT - 1 }, (_, at) =>
      aRule({ id: `rule-${at}`, subject: `repo:acme/app-${at}` }),
    );
    await world.put({ robots: [{ rules: many }] });
    expect((await create(declared())).ok).toBe(true);
    expect(await create(declared({ subject: "one more" }))).toEqual(
      err({ reason: "limit_reached", detail: "a robot has at most 1000 rules" }),
    );
    expect(await rules()).toHaveLength(MAX_RULES_PER_ROBOT);
  });
});

describe("rules that are too long together", () => {
  const tooLong = { reason: "limit_reached", detail: expect.stringContaining("at most 1048576 characters") };
  const described = (characters: number) => ({ ...FIRST, description: "d".repeat(characters) });
  const fits = MAX_RULES_CHARACTERS - JSON.stringify([described(0)]).length;

  it("are refused, and those that just fit are not", async () => {
    await world.put({ robots: [{ rules: [FIRST] }] });
    const write = ({ id, nonce: _, ...rule }: FederationRule) =>
      updateRule(world.deps, BUILDER, id, rule, aChangeBy());
    expect(await write(described(fits + 1))).toEqual(err(tooLong));
    expect(await rules()).toEqual([FIRST]);
    expect((await write(described(fits))).ok).toBe(true);
    expect(await create(declared())).toEqual(err(tooLong));
  });

  it("may be taken away, though more than fit are left", async () => {
    await world.put({ robots: [{ rules: [described(fits + 1), SECOND] }] });
    expect((await deleteRule(world.deps, BUILDER, "rule-2", aChangeBy())).ok).toBe(true);
    expect(await ids()).toEqual(["rule-1"]);
  });
});

describe("a robot that somebody else manages, or another version of it,", () => {
  type Change = (context: ChangeContext) => Promise<{ readonly ok: boolean }>;
  const CHANGES: readonly [string, Change][] = [
    ["createRule", (context) => create(declared(), undefined, context)],
    ["updateRule", (context) => updateRule(world.deps, BUILDER, "rule-1", declared(), context)],
    ["deleteRule", (context) => deleteRule(world.deps, BUILDER, "rule-1", context)],
    ["reorderRules", (context) => reorderRules(world.deps, BUILDER, ["rule-3", "rule-2", "rule-1"], context)],
  ];

  it.each(CHANGES)("is not changed by %s", async (_, change) => {
    expect(await change(aChangeBy({}, { ifMatch: "other" }))).toEqual(err({ reason: "precondition_failed" }));
    await world.put({ robots: [{ managedBy: "file", rules: [FIRST, SECOND, THIRD] }] });
    expect(await change(aChangeBy())).toEqual(err({ reason: "managed_elsewhere", detail: "file" }));
    expect(await world.events()).toEqual([]);
    expect(await rules()).toEqual([FIRST, SECOND, THIRD]);
  });
});

describe("a robot that grants API scopes", () => {
  const ADMIN = aRule({ apiScopes: ["rules:write"] });
  beforeEach(() =>
    world.put({ robots: [{ permissions: [], rules: [ADMIN, { ...ADMIN, id: "rule-2", subject: "s" }] }] }),
  );

  it.each([
    ["an administrator", aChangeBy()],
    ["a CI job", aChangeBy(A_JOB)],
  ])("is not changed by %s", async (_, context) => {
    expect(await deleteRule(world.deps, BUILDER, "rule-2", context)).toEqual(
      err({ reason: "administrative_robot" }),
    );
    expect(await world.events()).toEqual([]);
  });

  it.each([
    ["an administrator", aChangeBy()],
    ["a CI job", aChangeBy(A_JOB)],
  ])("is made one by no rule of %s", async (_, context) => {
    await world.put({ robots: [{ permissions: [], rules: [] }] });
    expect(await create(declared({ apiScopes: ["rules:write"] }), undefined, context)).toEqual(
      err({ reason: "administrative_robot" }),
    );
    expect(await rules()).toEqual([]);
  });

  it("is changed by an operator", async () => {
    expect((await deleteRule(world.deps, BUILDER, "rule-2", aChangeBy(AN_OPERATOR))).ok).toBe(true);
    expect(
      (
        await create(
          declared({ apiScopes: ["robots:write"], issuer: ISSUER_URL }),
          undefined,
          aChangeBy(AN_OPERATOR),
        )
      ).ok,
    ).toBe(true);
  });
});

it("tries again when others write the same namespace", async () => {
  world.overtake(2);
  expect((await create(declared())).ok).toBe(true);
  expect(await ids()).toEqual(["rule-1", "rule-2", "rule-3", DRAWN]);
  expect(await world.events()).toHaveLength(1);
});
