import { stringify } from "yaml";
import { SERVICE, SUBJECT } from "./baseline.ts";
import { type BerthProcess, startBerth } from "./berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "./fake-issuer.ts";

/** The baseline's declaration, with `issuer` for its issuer. */
function baselineDeclaration(issuer: FakeIssuer): string {
  return stringify({
    issuers: [{ url: issuer.url, ca_pem: issuer.caPem, private_network: true }],
    registries: [{ service: SERVICE, url: "https://registry.example.com", token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: [
          {
            name: "builder",
            permissions: [{ repository: "acme/app", role: "write" }],
            rules: [{ issuer: issuer.url, subject: SUBJECT }],
          },
        ],
      },
    ],
  });
}

/** A server process with the baseline's records, and its issuer. */
export async function startBerthWithIssuer(): Promise<{ berth: BerthProcess; issuer: FakeIssuer }> {
  const issuer = await startFakeIssuer();
  return { issuer, berth: await startBerth({ declaration: baselineDeclaration(issuer) }) };
}
