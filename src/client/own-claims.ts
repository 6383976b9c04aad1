import { decodeBase64url } from "../domain/identity/base64url.ts";
import { stringClaim } from "../domain/identity/claims.ts";
import { profileNamed, profileOf } from "../domain/identity/profiles/all.ts";
import type { Profile } from "../domain/identity/profiles/profile.ts";
import { isJsonObject, type JsonObject, parseStrictJsonBytes } from "../domain/identity/strict-json.ts";

/**
 * The claims of the job's own identity token, decoded and never verified: to tell the job what its token says.
 * Undefined when it is not a JWT of three parts.
 */
export function ownClaims(identityToken: string): JsonObject | undefined {
  const parts = identityToken.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3 || signature === "") return undefined;
  return objectOf(header) && objectOf(payload);
}

function objectOf(part: string): JsonObject | undefined {
  const bytes = decodeBase64url(part);
  const value = bytes && parseStrictJsonBytes(bytes);
  return isJsonObject(value) ? value : undefined;
}

/** The audiences that the token names; none where `aud` is missing or of another type. */
export function ownAudiences(claims: JsonObject): readonly string[] {
  const aud = claims.get("aud");
  const values = Array.isArray(aud) ? aud : [aud];
  return values.filter((value) => typeof value === "string");
}

/**
 * The token's issuer family: by the issuer's URL, else by the platform that gave it, as for a GitLab of one's own.
 *
 * @param platform Of `JobIdentity`; a name that no family has is of the generic one.
 */
export function ownProfile(claims: JsonObject, platform: string): Profile {
  const byUrl = profileOf(stringClaim(claims, "iss") ?? "");
  return byUrl.name === "generic" ? profileNamed(platform) : byUrl;
}
