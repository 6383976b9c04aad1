import { newApiTokenSecret } from "../src/domain/accounts/secret.ts";
import { PUBLIC_URL, SERVICE, SUBJECT } from "../test/support/baseline.ts";
import { type FakeIssuer, startFakeIssuer } from "../test/support/fake-issuer.ts";
import { Berths } from "./berths.ts";
import type { Random } from "./random.ts";
import { type Durability, type Fleet, startFleet, storeSettings, type Topology } from "./stores.ts";
import { Witness } from "./witness.ts";

const BERTHS = 3;
/** Robot accounts beside `builder`, whose robot tokens are regenerated. */
export const REGENERATED = ["regenerated-1", "regenerated-2"] as const;

/** Where it all happens: a CI platform, a Redis fleet, three Berths on it, and what their clients see. */
export interface Scene {
  readonly fleet: Fleet;
  readonly berths: Berths;
  readonly witness: Witness;
  readonly random: Random;
  stop(): Promise<void>;
}

export interface SceneOptions {
  readonly topology: Topology;
  readonly durability: Durability;
  readonly random: Random;
}

export async function startScene({ topology, durability, random }: SceneOptions): Promise<Scene> {
  const issuer = await startFakeIssuer();
  const apiToken = newApiTokenSecret((count) => crypto.getRandomValues(new Uint8Array(count))).expose();
  const fleet = await startFleet(topology, durability);
  try {
    const berths = await Berths.start({
      count: BERTHS,
      declaration: declarationOf(issuer),
      publicUrl: PUBLIC_URL,
      env: { ...storeSettings(fleet, durability), BERTH_BOOTSTRAP_TOKEN: apiToken },
    });
    const stop = async () => {
      await berths.stop();
      await Promise.all([fleet.stop(), issuer.close()]);
    };
    return { fleet, berths, random, witness: new Witness(issuer, berths, apiToken), stop };
  } catch (fault) {
    await Promise.all([fleet.stop(), issuer.close()]);
    throw fault;
  }
}

function declarationOf(issuer: FakeIssuer): string {
  const rule = { issuer: issuer.url, subject: `${SUBJECT}*` };
  const permissions = [{ registry: SERVICE, repository: "acme/app", role: "write" }];
  return JSON.stringify({
    revision: 1,
    issuers: [{ url: issuer.url, ca_pem: issuer.caPem, private_network: true }],
    registries: [{ service: SERVICE, url: "https://registry.example.com", token: "x5c" }],
    namespaces: [
      {
        name: "acme",
        robots: ["builder", ...REGENERATED].map((name) => ({ name, permissions, rules: [rule] })),
      },
    ],
  });
}
