import { afterEach, expect, it } from "vitest";
import { SUBJECT } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { exchangeIdentityToken } from "./exchange-identity-token.ts";

let world: UseCaseWorld;
afterEach(() => world.close());

interface Row {
  readonly what: string;
  readonly change?: BerthChange;
  readonly robot?: RobotName;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly scope?: string;
  readonly offered: boolean;
}

const ROWS: readonly Row[] = [
  { what: "a subject of no rule", claims: { sub: "repo:acme/web" }, offered: true },
  { what: "an unknown robot", robot: "acme+nobody", offered: true },
  { what: "an unknown namespace", robot: "nowhere+x1", offered: true },
  { what: "a disabled robot", change: { robot: { enabled: false } }, offered: true },
  { what: "a grant", offered: false },
  { what: "a scope that is not granted", scope: "repository:acme/other:pull", offered: false },
  { what: "an audience that is another's", claims: { aud: "x" }, offered: false },
];

it.each(ROWS)("is offered: $offered, of $what", async ({ change, robot, claims, scope, offered }) => {
  world = await startUseCaseWorld(change);
  const candidates: (NearMissCandidate | undefined)[] = [];
  const trail = { add: (_: unknown, candidate?: NearMissCandidate) => void candidates.push(candidate) };
  const at = world.clock.now();
  await exchangeIdentityToken(
    { ...world.deps, trail },
    {
      subjectToken: await world.issuer.sign(claims),
      maxTokenBytes: MAX_IDENTITY_TOKEN_BYTES,
      robot: robot ?? "acme+builder",
      scopes: parseDockerScopes(scope === undefined ? [] : [scope]),
    },
    CONTEXT,
  );
  const found = candidates.filter((candidate) => candidate !== undefined);
  expect(found).toHaveLength(offered ? 1 : 0);
  if (!offered) return;
  expect(found[0]).toMatchObject({
    requestId: CONTEXT.requestId,
    at,
    robot: robot ?? "acme+builder",
    profile: "generic",
  });
  expect(found[0]?.claims.get("sub")).toBe(claims?.sub ?? SUBJECT);
});
