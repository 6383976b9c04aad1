import type { Grant } from "./permission.ts";

/**
 * The form of registry token that a registry verifies. `x5c`: a certificate chain under Berth's CA, in the
 * header (distribution 2.8 and 3). `kid`: a key id of Berth's JWKS (distribution 3 with a JWKS file). `pinned`:
 * a key of this registry's own, for those that know one key and check no audience (zot): with a shared key a
 * token for one registry would open another.
 */
export const TOKEN_FORMS = ["x5c", "kid", "pinned"] as const;
type TokenForm = (typeof TOKEN_FORMS)[number];

/** A registered relying party. */
export interface Registry {
  /** The `service` of its challenge and the `aud` of its tokens; its name everywhere in Berth. */
  readonly service: string;
  readonly url: string;
  readonly tokenForm: TokenForm;
  /** Lifetime of a registry token in seconds, 60 to 300. */
  readonly tokenSeconds: number;
  /** Repository names and patterns that anyone may pull; none unless an operator writes them. */
  readonly anonymousPull: readonly string[];
  readonly managedBy: string;
}

/** What a request without authorization may do at a registry. */
export function anonymousGrants(registry: Registry): readonly Grant[] {
  return registry.anonymousPull.map((repository) => ({
    registry: registry.service,
    repository,
    actions: ["pull"],
  }));
}
