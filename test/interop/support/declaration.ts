import { stringify } from "yaml";
import { SUBJECT } from "../../support/baseline.ts";

/** The registry that most tests push to, and another one that trusts the same Berth. */
export const MAIN = "main.test";
export const SECOND = "second.test";

/** Every robot of these tests and what it may do; each has one rule, which the baseline's identity token matches. */
const ROBOTS = {
  "acme+builder": [{ registry: MAIN, repository: "acme/*", role: "write" }],
  "acme+keeper": [{ registry: MAIN, repository: "acme/**", role: "admin" }],
  "acme+reader": [{ registry: MAIN, repository: "acme/app", role: "read" }],
  "acme+elsewhere": [{ registry: SECOND, repository: "acme/*", role: "write" }],
  "beta+builder": [{ registry: MAIN, repository: "beta/*", role: "write" }],
  "open+builder": [{ registry: MAIN, repository: "open/*", role: "write" }],
} as const;
export type RobotOfTests = keyof typeof ROBOTS;

/** Anyone may pull what this matches, at MAIN. */
const ANONYMOUS_PULL = "open/*";
/** The one that may list a registry's catalogue. */
const CATALOG_ROBOT: RobotOfTests = "acme+keeper";

export interface DeclaredIssuer {
  readonly url: string;
  readonly caPem: string;
}

export interface DeclaredRegistry {
  readonly service: string;
  readonly url: string;
  readonly token: "x5c" | "kid" | "pinned";
}

/** The declaration file of these tests. */
export function interopDeclaration(issuer: DeclaredIssuer, registries: readonly DeclaredRegistry[]): string {
  const namespaces = Map.groupBy(Object.entries(ROBOTS), ([robot]) => robot.replace(/\+.*/, ""));
  return stringify({
    issuers: [{ url: issuer.url, ca_pem: issuer.caPem, private_network: true }],
    registries: registries.map((registry) =>
      registry.service === MAIN ? { ...registry, anonymous_pull: [ANONYMOUS_PULL] } : registry,
    ),
    namespaces: [...namespaces].map(([name, robots]) => ({
      name,
      robots: robots.map(([robot, permissions]) => ({
        name: robot.replace(/.*\+/, ""),
        permissions,
        catalog: robot === CATALOG_ROBOT,
        rules: [{ issuer: issuer.url, subject: SUBJECT }],
      })),
    })),
  });
}
