import * as z from "zod";
import { declaredIssuer } from "../../config/declared-issuer.ts";
import { type IssuerContent, issuerSchema } from "../../config/issuer-schema.ts";
import { formatPath } from "../../config/problem.ts";
import type { DeclaredIssuer } from "../../domain/accounts/declaration.ts";
import { ALGORITHMS, type KeySource } from "../../domain/identity/issuer.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ShownIssuer } from "../../usecases/management/manage-issuers.ts";
import { wireTime, wireTimeSchema } from "./wire-time.ts";

/** An issuer in the form of a file, but for what the path says, and for a file of the server, which nobody names here. */
export const issuerBodySchema = issuerSchema.omit({ url: true, ca_file: true });

export const issuerAnswerSchema = z
  .object({
    url: z.string(),
    managed_by: z.string(),
    issuer: z
      .object({
        profile: z.string(),
        audiences: z.array(z.string()),
        algorithms: z.array(z.enum(ALGORITHMS)),
        max_lifetime_seconds: z.int(),
        replay: z.enum(["jti", "once", "reusable"]),
        enabled: z.boolean(),
        jwks_hosts: z.array(z.string()).optional(),
        private_network: z.boolean().optional(),
        ca_pem: z.string().optional(),
        jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).optional(),
        jwks_expires: wireTimeSchema.optional(),
      })
      .meta({ description: "In the form in which it may be sent back." }),
  })
  .meta({ id: "Issuer" });

export const ISSUER_BODY_EXAMPLE = { profile: "github", enabled: true };
export const ISSUER_EXAMPLE = {
  url: "https://token.actions.githubusercontent.com",
  managed_by: "api",
  issuer: {
    profile: "github",
    audiences: ["https://berth.example.com"],
    algorithms: ["RS256"],
    max_lifetime_seconds: 600,
    replay: "once",
    enabled: true,
    jwks_hosts: [],
    private_network: false,
  },
};

/** The issuer of that URL that a body declares, or all that does not fit together in it. */
export function issuerOfBody(
  url: string,
  body: Omit<IssuerContent, "url" | "ca_file">,
  publicUrl: string,
): Result<DeclaredIssuer, Rejection<"request_malformed">> {
  const problems: string[] = [];
  const issuer = declaredIssuer({ ...body, url }, [], {
    report: (path, message) => problems.push(`${formatPath(path)} ${message}`.trimStart()),
    publicUrl,
    readFile: () => "",
  });
  return problems.length === 0 ? ok(issuer) : err(rejection("request_malformed", problems.join("; ")));
}

export function issuerOnTheWire({ url, managedBy, keys, maxLifetimeSeconds, ...issuer }: ShownIssuer) {
  const { profile, audiences, algorithms, replay, enabled } = issuer;
  return {
    url,
    managed_by: managedBy,
    issuer: {
      profile,
      audiences,
      algorithms,
      max_lifetime_seconds: maxLifetimeSeconds,
      replay,
      enabled,
      ...keysOnTheWire(keys),
    },
  };
}

function keysOnTheWire(keys: KeySource) {
  if (keys.kind === "inline") {
    return { jwks: JSON.parse(keys.jwks) as unknown, jwks_expires: wireTime(keys.expiresAt) };
  }
  return { jwks_hosts: keys.jwksHosts, private_network: keys.privateNetwork, ca_pem: keys.caPem };
}
