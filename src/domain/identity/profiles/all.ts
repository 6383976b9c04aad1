import { comparableClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";
import { aws } from "./aws.ts";
import { azureDevops } from "./azure-devops.ts";
import { bitbucket } from "./bitbucket.ts";
import { buildkite } from "./buildkite.ts";
import { circleci } from "./circleci.ts";
import { forgejo } from "./forgejo.ts";
import { generic } from "./generic.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { hcpTerraform } from "./hcp-terraform.ts";
import { jenkins } from "./jenkins.ts";
import { kubernetes } from "./kubernetes.ts";
import type { Profile } from "./profile.ts";
import { semaphore } from "./semaphore.ts";
import { spacelift } from "./spacelift.ts";
import { spiffe } from "./spiffe.ts";
import { vercel } from "./vercel.ts";

const FAMILIES: readonly Profile[] = [
  github,
  gitlab,
  circleci,
  buildkite,
  bitbucket,
  azureDevops,
  hcpTerraform,
  google,
  aws,
  spacelift,
  semaphore,
  vercel,
  kubernetes,
  forgejo,
  jenkins,
  spiffe,
];

/** Every issuer family; the first that recognises a URL has it, and the generic one, the last, takes the rest. */
export const PROFILES: readonly Profile[] = [...FAMILIES, generic];

const BY_NAME: ReadonlyMap<string, Profile> = new Map(PROFILES.map((profile) => [profile.name, profile]));

/** The family of that name; the generic one for a name that this release does not know. */
export function profileNamed(name: string): Profile {
  return BY_NAME.get(name) ?? generic;
}

/** The claims of `profile.provenance` that a token has. */
export function provenanceOf(profile: Profile, claims: JsonObject): Readonly<Record<string, string>> {
  const entries = profile.provenance.flatMap((name) => {
    const value = comparableClaim(claims, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The family that an issuer's URL shows it to be of. */
export function profileOf(issuerUrl: string): Profile {
  return FAMILIES.find((profile) => profile.recognises(issuerUrl)) ?? generic;
}
