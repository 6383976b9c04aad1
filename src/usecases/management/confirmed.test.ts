import { beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { ApplyWorld, declaring } from "../../../test/support/apply-world.ts";
import { anEvent, anIssuer, aRule, ISSUER_URL } from "../../../test/support/baseline.ts";
import { AN_OPERATOR, aChangeBy } from "../../../test/support/management-world.ts";
import { newRobotToken } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { cutOff } from "./cut-off.ts";
import { revokeApiToken } from "./manage-api-tokens.ts";
import { deleteIssuer, setIssuerEnabled } from "./manage-issuers.ts";
import { deleteNamespace, setNamespaceEnabled } from "./manage-namespaces.ts";
import { deleteRobot, updateRobot } from "./manage-robots.ts";
import { deleteRule, setRuleEnabled } from "./manage-rules.ts";
import { removeRobotToken } from "./remove-robot-token.ts";

const ROBOT = "acme+builder";
const TOKEN = newRobotToken((count) => new Uint8Array(count).fill(7));
const OPERATOR = aChangeBy(AN_OPERATOR);

interface Prepared {
  readonly world: ApplyWorld;
  readonly apiToken: Awaited<ReturnType<typeof addApiToken>>;
}
type Change = (
  prepared: Prepared,
) => Promise<{ readonly ok: boolean; readonly error?: { readonly reason: string } }>;

async function prepare(): Promise<Prepared> {
  const token = { hash: await sha256Hex(TOKEN.expose()), number: 1, createdAt: 1, declared: false };
  const world = await ApplyWorld.with({ robots: [{ token, rules: [aRule()] }] });
  await world.directory.commitSystem({
    fromRevision: 1,
    putIssuers: [anIssuer({ managedBy: "api" })],
    removeIssuers: [],
    putRegistries: [],
    removeRegistries: [],
    event: anEvent(0, { kind: "directory.changed" }),
  });
  return { world, apiToken: await addApiToken(world.apiTokens, world.clock.seconds()) };
}

/** What ends something: an operator who was told 503 sends it again. */
const CHANGES: readonly (readonly [what: string, where: string, change: Change])[] = [
  ["a robot disabled", "acme", ({ world }) => updateRobot(world.deps, ROBOT, { enabled: false }, OPERATOR)],
  ["a robot removed", "acme", ({ world }) => deleteRobot(world.deps, ROBOT, OPERATOR)],
  ["a robot token removed", "acme", ({ world }) => removeRobotToken(world.deps, ROBOT, OPERATOR)],
  ["a rule disabled", "acme", ({ world }) => setRuleEnabled(world.deps, ROBOT, "rule-1", false, OPERATOR)],
  ["a rule removed", "acme", ({ world }) => deleteRule(world.deps, ROBOT, "rule-1", OPERATOR)],
  ["a namespace disabled", "acme", ({ world }) => setNamespaceEnabled(world.deps, "acme", false, OPERATOR)],
  ["a namespace removed", "acme", ({ world }) => deleteNamespace(world.deps, "acme", OPERATOR)],
  ["an issuer disabled", "system", ({ world }) => setIssuerEnabled(world.deps, ISSUER_URL, false, OPERATOR)],
  [
    "an issuer removed",
    "system",
    ({ world }) => deleteIssuer(world.deps, ISSUER_URL, { force: true }, OPERATOR),
  ],
  [
    "an API token ended",
    "system",
    ({ world, apiToken }) =>
      revokeApiToken({ ...world.deps, apiTokens: world.apiTokens }, apiToken.record.id, OPERATOR),
  ],
  ["a robot token cut off", "acme", ({ world }) => cutOffSecret(world, TOKEN.expose(), ROBOT)],
  ["an API token cut off", "system", ({ world, apiToken }) => cutOffSecret(world, apiToken.secret.expose())],
];

function cutOffSecret(world: ApplyWorld, text: string, robot?: typeof ROBOT) {
  const deps = { ...world.deps, ledger: world.ledger, apiTokens: world.apiTokens };
  return cutOff(deps, { kind: "secret", text, ...(robot === undefined ? {} : { robot }) }, OPERATOR);
}

describe.each(CHANGES)("%s", (_, where, change) => {
  let prepared: Prepared;
  beforeEach(async () => {
    prepared = await prepare();
    return () => prepared.world.close();
  });

  it("is a write that needs no more, and found done is confirmed", async () => {
    const { directory } = prepared.world;
    expect((await change(prepared)).ok).toBe(true);
    expect(directory.confirmed).toEqual([]);
    await change(prepared);
    expect(directory.confirmed).toEqual([where]);
  });

  it("and found done is an outage while one server alone has it", async () => {
    await change(prepared);
    prepared.world.directory.isAlone = true;
    expect(await change(prepared)).toMatchObject({ ok: false, error: { reason: "store_unavailable" } });
  });
});

describe("a declaration that is applied once more", () => {
  it("confirms what it finds unchanged", async () => {
    const world = await ApplyWorld.with();
    const declaration = declaring([{}]);
    await world.applied(declaration);
    world.directory.confirmed.splice(0);
    await world.applied(declaration);
    expect(world.directory.confirmed).toEqual(["system", "acme"]);
    world.directory.isAlone = true;
    expect(await world.apply(declaration)).toMatchObject({
      ok: false,
      error: { reason: "store_unavailable" },
    });
    world.close();
  });

  it("confirms what it would take away and finds gone", async () => {
    const world = await ApplyWorld.with();
    await world.applied(declaring([{}]), { prune: true });
    world.directory.confirmed.splice(0);
    await world.applied(declaring([{}]), { prune: true });
    expect(world.directory.confirmed).toEqual(["system", "acme", "system"]);
    world.close();
  });
});
