import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ManagementRoute } from "../../../src/http/management/route-definition.ts";
import { errorStatusesOf, reasonsOf } from "../../../src/http/management/route-errors.ts";
import { MANAGEMENT_ROUTES } from "../../../src/http/management/route-table.ts";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import {
  CALLER_KINDS,
  CALLERS,
  type CallerKind,
  putCallersWorld,
  UNAUTHENTICATED,
} from "../../support/management-callers.ts";
import { type ManagementAnswer, manage } from "../../support/management-calls.ts";
import { AUTHORIZATION_ROWS, SAMPLE_PARAMETERS } from "./authorization-rows.ts";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth();
});
afterAll(() => berth.close());

it("has a row for every route, and for nothing else", () => {
  const ids = MANAGEMENT_ROUTES.map(({ operationId }) => operationId);
  expect(Object.keys(AUTHORIZATION_ROWS).sort()).toEqual(ids.sort());
});

type Tokens = Readonly<Record<CallerKind, string | undefined>>;

/** All of them before any has done anything: what one deletes may be what another's token rests on. */
async function tokensOfAll(): Promise<Tokens> {
  const tokens: [CallerKind, string | undefined][] = [];
  for (const kind of CALLER_KINDS) tokens.push([kind, await CALLERS[kind](berth)]);
  return Object.fromEntries(tokens) as Tokens;
}

/** The last thing that was written: every change leaves a record. */
async function lastRecord() {
  return (await berth.auditLog.query({}, { limit: 1 })).events;
}

function pathOf({ path }: ManagementRoute): string {
  return path.replaceAll(/\{(\w+)\}/g, (whole, name) => SAMPLE_PARAMETERS[name] ?? whole);
}

describe.each([...MANAGEMENT_ROUTES])("$operationId", (route) => {
  const row = AUTHORIZATION_ROWS[route.operationId] ?? { allowed: [] };
  let tokens: Tokens;
  beforeAll(async () => {
    // A second later: the credentials of the row before, which may have ended everything, are of another time.
    berth.clock.advance(1000);
    berth.storeClock.advance(1000);
    await putCallersWorld(berth);
    tokens = await tokensOfAll();
  });

  function ask(kind: CallerKind): Promise<ManagementAnswer> {
    const token = tokens[kind];
    return manage(berth.app, route.method.toUpperCase(), row.path ?? pathOf(route), {
      ...(token === undefined ? {} : { token }),
      ...(route.body === undefined ? {} : { body: route.body.example }),
    });
  }

  // Refusals first: they leave everything as it is for those who are let in.
  const refused = CALLER_KINDS.filter((kind) => !row.allowed.includes(kind));
  // attack 89
  it.each(refused)("refuses %s, and writes nothing", async (kind) => {
    const before = await lastRecord();
    const answer = await ask(kind);
    const unauthenticated = UNAUTHENTICATED.includes(kind);
    expect(answer.body).toMatchObject(
      unauthenticated
        ? { status: 401, error_type: "invalid_token", reason: "unauthenticated" }
        : { status: 403, error_type: "insufficient_scope", reason: "insufficient_scope" },
    );
    expect(answer.status).toBe(unauthenticated ? 401 : 403);
    expect(answer.headers.get("www-authenticate")).toMatch(
      unauthenticated
        ? /^Bearer realm="berth"(?:, error="invalid_token")?$/
        : /^Bearer realm="berth", error="insufficient_scope"$/,
    );
    expect(await lastRecord()).toEqual(before);
  });

  it.each([...row.allowed])("lets in %s", async (kind) => {
    const { status, body } = await ask(kind);
    if (status === route.success.status) return;
    const { reason } = body as { reason: string };
    expect(["unauthenticated", "insufficient_scope"]).not.toContain(reason);
    expect(reasonsOf(route)).toContain(reason);
    expect([...errorStatusesOf(route).keys()]).toContain(status);
  });
});
