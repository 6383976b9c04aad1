import type { ApiScope } from "../../src/domain/access/api-scope.ts";
import { anEvent, aRegistry } from "./baseline.ts";
import { startTestBerth, type TestBerth } from "./berth-app.ts";
import { putCallersWorld } from "./management-callers.ts";
import { apiToken, type ManagementAnswer, type ManagementCall, manage } from "./management-calls.ts";

/** Asks as one caller: `PUT`, `/organization/acme/robots/builder`, and a body. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  call?: ManagementCall,
) => Promise<ManagementAnswer>;

/** Berth with the organization `acme` and the user `alice`, which the API manages, and who asks it. */
export interface ManagedBerth {
  readonly berth: TestBerth;
  /** An operator, who is the user `alice`. */
  readonly operator: Ask;
  /** Someone with these scopes in `acme` and `alice`. */
  holder(...scopes: readonly ApiScope[]): Promise<Ask>;
  /** Changes that were made since the last reset, the oldest first. */
  changes(): Promise<readonly string[]>;
  /** Puts the directory back to where it began: much quicker than another Berth. */
  reset(): Promise<void>;
}

export async function startManagedBerth(): Promise<ManagedBerth> {
  const berth = await startTestBerth();
  const asker =
    (token: string): Ask =>
    (method, path, body, call = {}) =>
      manage(berth.app, method, path, { token, ...(body === undefined ? {} : { body }), ...call });
  let resets = 0;
  const reset = async () => {
    resets += 1;
    await resetDirectory(berth, `reset-${resets}`);
  };
  await reset();
  return {
    berth,
    operator: asker(await apiToken(berth, { user: "alice", expiresAt: berth.clock.seconds() + 86_400 })),
    holder: async (...scopes) =>
      asker(await apiToken(berth, { scopes, namespaces: ["acme", "alice"], user: "alice" })),
    changes: () => changesSince(berth, `reset-${resets}`),
    reset,
  };
}

async function changesSince(berth: TestBerth, requestId: string): Promise<readonly string[]> {
  const { events } = await berth.auditLog.query({}, { limit: 1000 });
  const newest = events.slice(
    0,
    events.findIndex((event) => event.requestId === requestId),
  );
  return newest
    .filter(({ kind }) => kind !== "api_token.created")
    .map(({ kind, changes = [] }) => [kind, ...changes.map(({ object }) => object)].join(" "))
    .reverse();
}

/** @param requestId Of the last event of the reset. */
async function resetDirectory(berth: TestBerth, requestId: string): Promise<void> {
  const { directory, clock } = berth;
  const event = anEvent(clock.now(), { kind: "directory.changed", requestId: "set-up" });
  await putCallersWorld(berth);
  for (const { name } of await directory.listNamespaces()) {
    const records = await directory.readNamespace(name);
    if (records === undefined || ["acme", "alice"].includes(name)) continue;
    const change = { name, fromRevision: records.revision, namespace: undefined };
    await directory.commitNamespace({ ...change, putRobots: [], removeRobots: [], event });
  }
  for (const { name } of await directory.listReservations()) await directory.releaseName(name, event);
  const { revision, issuers, registries } = await directory.readSystem();
  const registry = aRegistry();
  await directory.commitSystem({
    fromRevision: revision,
    putIssuers: [berth.issuer.issuer()],
    removeIssuers: issuers.map(({ url }) => url).filter((url) => url !== berth.issuer.url),
    putRegistries: [registry],
    removeRegistries: registries
      .map(({ service }) => service)
      .filter((service) => service !== registry.service),
    event: { ...event, requestId },
  });
}
