import * as z from "zod";
import { ALGORITHMS } from "../domain/identity/issuer.ts";
import { PROFILES } from "../domain/identity/profiles/all.ts";
import { exactText, whole } from "./schema-fields.ts";

const MAX_LIFETIME_SECONDS = 86_400;

/** One of a declaration file's `issuers`. */
export const issuerSchema = z.strictObject({
  url: z
    .string()
    .refine(
      isIssuerUrl,
      "must be an https URL without user name, query or fragment, exactly as the `iss` claim has it",
    )
    .meta({
      description: "Compared with the claim `iss` byte for byte: a slash at the end makes another issuer.",
    }),
  profile: z
    .enum(PROFILES.map(({ name }) => name))
    .optional()
    .meta({
      description:
        "The issuer family, which says what its claims mean. Not set: told by the URL; to be set for self-managed GitLab, Jenkins, private Kubernetes clusters and SPIFFE.",
    }),
  audiences: z.array(exactText(512)).min(1, "must name at least one audience").optional().meta({
    description: "An identity token's `aud` must be exactly one of these; not set: the public URL.",
  }),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1, "must name at least one algorithm")
    .optional()
    .meta({ description: "The signature algorithms to accept. Not set: its profile's." }),
  max_lifetime_seconds: whole(60, MAX_LIFETIME_SECONDS).optional().meta({
    description: "The longest lifetime (`exp` − `iat`) of an identity token. Not set: its profile's.",
  }),
  replay: z.enum(["jti", "once", "reusable"]).optional().meta({
    description:
      "`once`: an identity token is used up by its `jti`, or by its text when it has none. `jti`: it must have one. `reusable`: it is not used up, for platforms that hand one token to a job many times.",
  }),
  enabled: z.boolean().default(true).meta({ description: "Disabling it ends all credentials it stood for." }),
  ca_file: z.string().optional().meta({
    description:
      "PEM file of the CA to trust for this issuer instead of the system's; relative to this file.",
  }),
  ca_pem: z.string().optional().meta({ description: "The same, written here." }),
  private_network: z.boolean().optional().meta({
    description: "Whether it may stand on a private or loopback address.",
    default: false,
  }),
  jwks_hosts: z
    .array(
      z.string().regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, "must be a lower-case host name"),
    )
    .optional()
    .meta({ description: "Hosts besides its own that its `jwks_uri` may name.", default: [] }),
  jwks: z
    .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1, "must hold at least one key") })
    .optional()
    .meta({
      description: "Its public keys (JWK Set), for one that this server cannot reach. With `jwks_expires`.",
    }),
  jwks_expires: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], {
      error: "must be a date of RFC 3339, such as 2030-01-31 or 2030-01-31T12:00:00Z",
    })
    .optional()
    .meta({ description: "When `jwks` is no longer to be used (RFC 3339)." }),
});

export type IssuerContent = z.output<typeof issuerSchema>;

function isIssuerUrl(text: string): boolean {
  // What the URL parser would mend (a backslash, white space) is not what the issuer signs.
  if (text.length > 512 || !/^https:\/\/[^/?#\\*\s][^?#\\*\s]*$/.test(text) || !isPrintable(text))
    return false;
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "";
}

function isPrintable(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
