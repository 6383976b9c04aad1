import { stringify } from "yaml";
import { type DemoIssuer, JOB } from "./issuer.ts";

export const ROBOT = "acme+builder";
export const SERVICE = "registry.demo";

/** What an operator of this demo would keep in git: one issuer, registry, organization, robot and rule. */
export function demoDeclaration(issuer: DemoIssuer, registryUrl: string): string {
  return stringify({
    issuers: [{ url: issuer.url, algorithms: ["RS256"], private_network: true, ca_pem: issuer.caPem }],
    registries: [{ service: SERVICE, url: registryUrl, token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: [
          {
            name: "builder",
            description: "builds and pushes acme/app",
            permissions: [{ registry: SERVICE, repository: "acme/app", role: "write" }],
            rules: [
              {
                issuer: issuer.url,
                subject: JOB.sub,
                claims: { repository_id: JOB.repository_id, repository_owner_id: JOB.repository_owner_id },
                ttl_seconds: 900,
              },
            ],
          },
        ],
      },
    ],
  });
}
