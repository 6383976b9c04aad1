import { stringClaim } from "../identity/claims.ts";
import type { TrustedIssuer } from "../identity/issuer.ts";
import { JsonNumber } from "../identity/strict-json.ts";
import { checkTokenClaims } from "../identity/token-claims-check.ts";
import { audiencesOf, type KnownClaims, type Outcome } from "./rule-report.ts";

/** A check of token and issuer that needs no key. */
export interface IssuerCheckReport {
  readonly check: "issuer" | "audience" | "lifetime" | "form";
  readonly outcome: Outcome;
  readonly wanted: readonly string[];
  readonly said: readonly string[];
}

/**
 * What an exchange checks of a token before it looks at a robot, but for key, signature and the time of day: is
 * the issuer trusted, the audience one of its own, the lifetime within its limit, and the form of the other claims.
 * An explanation is asked for when the token has long expired, so that alone fails nothing.
 *
 * @param issuer The trusted issuer of that URL; undefined when there is none.
 */
export function reportIssuer(
  issuer: TrustedIssuer | undefined,
  known: KnownClaims,
): readonly IssuerCheckReport[] {
  const url = stringClaim(known.claims, "iss");
  const said = url === undefined ? [] : [url];
  if (issuer === undefined || !issuer.enabled || issuer.url !== url) {
    const wanted = issuer === undefined ? [] : [`${issuer.url}, enabled`];
    return [{ check: "issuer", outcome: "failed", wanted, said }];
  }
  const trusted = { check: "issuer", outcome: "met", wanted: [issuer.url], said } as const;
  // What was written down is of a token that has passed the rest.
  return known.complete
    ? [trusted, audience(issuer, known), lifetime(issuer, known), form(issuer, known)]
    : [trusted];
}

function audience(issuer: TrustedIssuer, { claims }: KnownClaims): IssuerCheckReport {
  const said = audiencesOf(claims);
  const [first] = said;
  const aud = claims.get("aud");
  const single = !Array.isArray(aud) || aud.length === 1;
  const met = single && issuer.audiences.some((own) => own === first);
  return { check: "audience", outcome: met ? "met" : "failed", wanted: issuer.audiences, said };
}

function lifetime(issuer: TrustedIssuer, known: KnownClaims): IssuerCheckReport {
  const [issuedAt, expiresAt] = [seconds(known, "iat"), seconds(known, "exp")];
  const wanted = [`at most ${issuer.maxLifetimeSeconds} s`];
  // Without both there is none to compare; that they are there is a matter of form.
  if (issuedAt === undefined || expiresAt === undefined) {
    return { check: "lifetime", outcome: "unknown", wanted, said: [] };
  }
  const length = expiresAt - issuedAt;
  const outcome = length <= issuer.maxLifetimeSeconds ? "met" : "failed";
  return { check: "lifetime", outcome, wanted, said: [`${length} s`] };
}

/** The rest of what `checkTokenClaims` checks: asked of it as of a token just issued, whose lifetime and audience stand. */
function form(issuer: TrustedIssuer, known: KnownClaims): IssuerCheckReport {
  const lenient = {
    ...issuer,
    maxLifetimeSeconds: Number.POSITIVE_INFINITY,
    audiences: audiencesOf(known.claims),
  };
  const checked = checkTokenClaims(known.claims, lenient, seconds(known, "iat") ?? 0);
  if (checked.ok || checked.error.reason === "audience_mismatch") {
    return { check: "form", outcome: "met", wanted: [], said: [] };
  }
  const { detail, reason } = checked.error;
  return { check: "form", outcome: "failed", wanted: [], said: [detail ?? reason] };
}

function seconds({ claims }: KnownClaims, name: string): number | undefined {
  const value = claims.get(name);
  return value instanceof JsonNumber ? value.toInteger() : undefined;
}
