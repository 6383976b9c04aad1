import { execFileSync } from "node:child_process";
import { describeWith, findProgram } from "../../support/find-server.ts";
import type { ClientName } from "./clients.ts";

const CLIENTS: readonly ClientName[] = ["docker", "skopeo", "podman", "crane", "oras"];

/** Where each of the clients is that this machine has. */
export const installedClients: ReadonlyMap<ClientName, string> = new Map(
  CLIENTS.flatMap((name) => {
    const program = findProgram(name);
    return program === undefined ? [] : [[name, program] as const];
  }),
);

/** Runs a suite where `client` is; elsewhere it is skipped and says so. */
export function describeWithClient(client: ClientName, suite: () => void): void {
  describeWith(client, installedClients.get(client), client, suite);
}

/** The versions of the distribution registry: name in BERTH_TEST_REQUIRE, and what a program of it may be called. */
const DISTRIBUTION_2 = { need: "registry", version: "2", programs: ["docker-registry", "registry"] };
const DISTRIBUTION_3 = { need: "registry3", version: "3", programs: ["registry3", "registry"] };

/** Runs a suite against each version of the distribution registry, with its program. */
export function describeDistributions(title: string, suite: (program: string) => void): void {
  describeWithDistribution(DISTRIBUTION_2, title, suite);
  describeWithDistribution(DISTRIBUTION_3, title, suite);
}

/** Runs a suite against version 3, which alone takes a JWKS file. */
export function describeDistribution3(title: string, suite: (program: string) => void): void {
  describeWithDistribution(DISTRIBUTION_3, title, suite);
}

function describeWithDistribution(
  { need, version, programs }: typeof DISTRIBUTION_2,
  title: string,
  suite: (program: string) => void,
): void {
  const found = programs.flatMap((program) => findProgram(program) ?? []);
  const fitting = found.find((program) => isVersion(program, version));
  describeWith(need, fitting, `distribution ${version}: ${title}`, suite);
}

function isVersion(program: string, version: string): boolean {
  const printed = execFileSync(program, ["--version"], { encoding: "utf8" });
  return new RegExp(` v?${version}\\.\\d`).test(printed);
}
