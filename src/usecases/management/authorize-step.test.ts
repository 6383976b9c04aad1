import { afterEach, describe, expect, it } from "vitest";
import { ApplyWorld, declaring, OWNED } from "../../../test/support/apply-world.ts";
import { aRule } from "../../../test/support/baseline.ts";
import { declaredRobot } from "../../../test/support/declaration-store.ts";
import { A_JOB, AN_OPERATOR } from "../../../test/support/management-world.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import type { DeclaredRobot } from "../../domain/accounts/declaration.ts";
import type { Robot } from "../../domain/accounts/robot.ts";

let world: ApplyWorld;
afterEach(() => world.close());

const HASH = "ab".repeat(32);
const SCOPED = aRule({ id: "rule-2", apiScopes: ["rules:write"] });
const ADMINISTRATIVE: Partial<Robot> = { ...OWNED, permissions: [], rules: [SCOPED] };
const { id: _, nonce: __, ...SCOPED_RULE } = SCOPED;
const RULES = declaredRobot().rules.map((rule) => ({ ...rule, subject: "repo:acme/app:other" }));
const OTHER = { registry: "registry.example.com", repository: "other/base", role: "read" } as const;
const MORE = [...declaredRobot().permissions, { ...OTHER, repository: "acme/more" }];
const FOREIGN = [...declaredRobot().permissions, OTHER];
const GRANTED: Partial<Caller> = { actor: A_JOB.actor, exchanged: true, scopes: ["org:admin"] };

const scoped = (...scopes: Caller["scopes"]): Partial<Caller> => ({ scopes });

/** What becomes of the robot that the same client has applied before. */
interface Row {
  readonly what: string;
  readonly caller: Partial<Caller>;
  readonly robots: readonly Partial<DeclaredRobot>[];
  readonly there?: readonly Partial<Robot>[];
  readonly reason?: string;
  readonly sentence: string;
}

const ROWS: readonly Row[] = [
  {
    what: "a new robot",
    there: [],
    robots: [{ permissions: [], rules: [] }],
    caller: scoped("rules:write", "permissions:write"),
    sentence: "needs robots:write",
  },
  {
    what: "a new robot with permissions",
    there: [],
    robots: [{ rules: [] }],
    caller: scoped("robots:write", "rules:write"),
    sentence: "needs permissions:write",
  },
  {
    what: "a new robot with rules",
    there: [],
    robots: [{ permissions: [] }],
    caller: scoped("robots:write", "permissions:write"),
    sentence: "needs rules:write",
  },
  {
    what: "a robot's removal",
    robots: [],
    caller: scoped("rules:write", "permissions:write"),
    sentence: "needs robots:write",
  },
  {
    what: "its description",
    robots: [{ description: "new" }],
    caller: scoped("rules:write", "permissions:write"),
    sentence: "needs robots:write",
  },
  {
    what: "enabling it",
    there: [{ ...OWNED, enabled: false }],
    robots: [{}],
    caller: scoped("rules:write", "permissions:write"),
    sentence: "needs robots:write",
  },
  {
    what: "its permissions",
    robots: [{ permissions: MORE }],
    caller: scoped("robots:write", "rules:write"),
    sentence: "needs permissions:write",
  },
  {
    what: "its rules",
    robots: [{ rules: RULES }],
    caller: scoped("robots:write", "permissions:write"),
    sentence: "needs rules:write",
  },
  {
    what: "a token hash",
    robots: [{ tokenHash: HASH }],
    caller: scoped("robots:write", "permissions:write", "rules:write"),
    sentence: "needs org:admin for its token_hash",
  },
  {
    what: "a token hash",
    robots: [{ tokenHash: HASH }],
    caller: GRANTED,
    sentence: "is not for an API token that an identity token earned",
  },
  {
    what: "the end of a declared token",
    there: [{ ...OWNED, token: { hash: HASH, number: 1, createdAt: 1, declared: true } }],
    robots: [{}],
    caller: scoped("robots:write"),
    sentence: "needs org:admin for its token_hash",
  },
  {
    what: "a permission in another namespace",
    robots: [{ permissions: FOREIGN }],
    caller: {},
    reason: "permission_foreign",
    sentence: "needs org:admin in other for a permission there",
  },
  {
    what: "the catalogue",
    robots: [{ catalog: true }],
    caller: {},
    reason: "permission_foreign",
    sentence: "needs org:admin of all namespaces for the catalogue",
  },
  {
    what: "making a robot administrative",
    robots: [{ permissions: [], rules: [SCOPED_RULE] }],
    caller: {},
    reason: "administrative_robot",
    sentence: "needs super:user: a rule of it grants API scopes",
  },
  {
    what: "a change of an administrative robot",
    there: [ADMINISTRATIVE],
    robots: [{ permissions: [], rules: [SCOPED_RULE], description: "new" }],
    caller: {},
    reason: "administrative_robot",
    sentence: "needs super:user: a rule of it grants API scopes",
  },
  {
    what: "the removal of an administrative robot",
    there: [ADMINISTRATIVE],
    robots: [],
    caller: {},
    reason: "administrative_robot",
    sentence: "needs super:user: a rule of it grants API scopes",
  },
];

describe("of a robot", () => {
  it.each(ROWS)(
    "$what: $sentence",
    async ({ caller, robots, there = [OWNED], reason = "insufficient_scope", sentence }) => {
      world = await ApplyWorld.with({ robots: there });
      expect(await world.apply(declaring(robots), { caller })).toEqual({
        ok: false,
        error: {
          reason,
          detail: `robot acme+builder ${sentence}`,
          objects: [{ kind: "robot", name: "acme+builder", reason, sentence }],
        },
      });
      expect(await world.events()).toEqual([]);
    },
  );

  it.each<Pick<Row, "what" | "caller" | "robots" | "there">>([
    {
      what: "a robot alone",
      there: [],
      robots: [{ permissions: [], rules: [] }],
      caller: scoped("robots:write"),
    },
    { what: "all of a robot", there: [], robots: [{}], caller: A_JOB },
    { what: "a removal", robots: [], caller: scoped("robots:write") },
    { what: "permissions", robots: [{ permissions: MORE }], caller: scoped("permissions:write") },
    { what: "rules", robots: [{ rules: RULES }], caller: scoped("rules:write") },
    { what: "a token hash", robots: [{ tokenHash: HASH }], caller: {} },
    {
      what: "a foreign permission",
      robots: [{ permissions: FOREIGN }],
      caller: { namespaces: ["acme", "other"] },
    },
    {
      what: "what is foreign and there",
      there: [{ ...OWNED, permissions: FOREIGN }],
      robots: [{ permissions: FOREIGN, description: "new" }],
      caller: {},
    },
    { what: "the catalogue", robots: [{ catalog: true }], caller: { namespaces: "all" } },
    {
      what: "a catalogue that is there",
      there: [{ ...OWNED, catalog: true }],
      robots: [{ catalog: true, description: "new" }],
      caller: {},
    },
    {
      what: "an administrative robot",
      there: [],
      robots: [{ permissions: [], rules: [SCOPED_RULE] }],
      caller: AN_OPERATOR,
    },
  ])(
    "$what may be written by who may over the API's other ways",
    async ({ caller, robots, there = [OWNED] }) => {
      world = await ApplyWorld.with({ robots: there });
      expect(await world.applied(declaring(robots), { caller })).toContainEqual(
        expect.stringMatching(/^robot acme\+builder (created|changed|removed)$/),
      );
    },
  );

  it("an administrative one that stays as it is stands against nothing", async () => {
    world = await ApplyWorld.with({ robots: [ADMINISTRATIVE, { ...OWNED, name: "acme+other", uid: "u" }] });
    const robots = [
      { permissions: [], rules: [SCOPED_RULE] },
      { name: "acme+other" as const, description: "new" },
    ];
    expect(await world.applied(declaring(robots), { caller: scoped("robots:write") })).toContain(
      "robot acme+other changed",
    );
  });
});
