import { err, ok, type Result } from "../domain/result.ts";
import { parseRegistryName, type RegistryName } from "./auth-file/registry-name.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";
import { findServer } from "./find-server.ts";
import { findJobIdentity } from "./job-identity/find-job-identity.ts";
import type { JobIdentity } from "./job-identity/job-identity.ts";
import { malformedRegistry } from "./registry-problem.ts";

/** A server, the registries that take its tokens, and what the job shows there. */
export interface ServerVisit {
  readonly server: string;
  readonly registries: readonly RegistryName[];
  readonly identity: JobIdentity;
}

/** Which servers to go to for these registries, and as whom. */
export async function planVisits(
  environment: ClientEnvironment,
  registries: readonly string[],
): Promise<Result<readonly ServerVisit[], ClientProblem>> {
  const byServer = await groupByServer(environment, registries);
  if (!byServer.ok) return byServer;
  const visits: ServerVisit[] = [];
  for (const [server, names] of byServer.value) {
    const identity = await findJobIdentity(environment, server);
    if (!identity.ok) return identity;
    visits.push({ server, registries: names, identity: identity.value });
  }
  return ok(visits);
}

async function groupByServer(
  environment: ClientEnvironment,
  registries: readonly string[],
): Promise<Result<ReadonlyMap<string, readonly RegistryName[]>, ClientProblem>> {
  const groups = new Map<string, readonly RegistryName[]>();
  for (const registry of new Set(registries)) {
    const name = parseRegistryName(registry);
    if (name === undefined) return err(malformedRegistry(registry));
    const server = await findServer(environment, name.host);
    if (!server.ok) return server;
    groups.set(server.value, [...(groups.get(server.value) ?? []), name]);
  }
  return ok(groups);
}
