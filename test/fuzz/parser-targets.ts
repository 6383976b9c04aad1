import fc from "fast-check";
import { parseSettings } from "../../src/config/settings.ts";
import { parseDockerScope, parseDockerScopes } from "../../src/domain/access/docker-scope.ts";
import { splitRobotName } from "../../src/domain/access/names.ts";
import { matchesPattern } from "../../src/domain/access/pattern.ts";
import { parseSecret } from "../../src/domain/accounts/secret.ts";
import { asVerifiedClaims } from "../../src/domain/identity/claims.ts";
import { MAX_IDENTITY_TOKEN_BYTES, parseIdentityToken } from "../../src/domain/identity/identity-token.ts";
import { PROFILES } from "../../src/domain/identity/profiles/all.ts";
import { isJsonObject, parseStrictJson } from "../../src/domain/identity/strict-json.ts";
import { failedCondition } from "../../src/domain/rules/federation-rule.ts";
import { parseBasicAuth } from "../../src/http/basic-auth.ts";
import { aRule } from "../support/baseline.ts";
import { DECLARATION, parseText } from "../support/declaration-text.ts";
import { type FuzzTarget, fuzz } from "./fuzz-target.ts";
import { editedText, oddText } from "./odd-text.ts";

const base64url = (text: string) => Buffer.from(text).toString("base64url");
const part = fc.oneof(oddText, oddText.map(base64url), fc.json().map(base64url));

const tokens: FuzzTarget = (limits) =>
  fuzz(
    fc.oneof(
      oddText,
      fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => parts.join(".")),
    ),
    (text) => {
      parseIdentityToken(text, MAX_IDENTITY_TOKEN_BYTES);
      parseSecret(text);
      parseStrictJson(text);
      parseBasicAuth(`Basic ${Buffer.from(text).toString("base64")}`);
    },
    limits,
  );

const scopes: FuzzTarget = (limits) =>
  fuzz(
    fc.array(oddText, { maxLength: 5 }),
    (values) => {
      parseDockerScopes(values);
      for (const value of values) {
        parseDockerScope(value);
        splitRobotName(value);
      }
    },
    limits,
  );

/** Rules and claims of any content, in every profile; a pattern may not be slow on any text either. */
const rules: FuzzTarget = (limits) =>
  fuzz(
    fc.record({
      profile: fc.constantFrom(...PROFILES),
      subject: oddText,
      named: fc.dictionary(oddText, fc.array(oddText, { maxLength: 3 }), { maxKeys: 4 }),
      token: fc.json(),
      sub: oddText,
    }),
    ({ profile, subject, named, token, sub }) => {
      const parsed = parseStrictJson(token);
      const claims = asVerifiedClaims(new Map([...(isJsonObject(parsed) ? parsed : []), ["sub", sub]]));
      failedCondition(aRule({ subject, claims: named }), claims, profile);
      for (const { denies } of profile.denials) denies(claims);
      profile.tenantOfSubject(subject);
      matchesPattern(subject, sub);
      matchesPattern("*a**b*".repeat(8), sub.repeat(8));
    },
    limits,
  );

const declarations: FuzzTarget = (limits) =>
  fuzz(fc.oneof(editedText(DECLARATION), oddText, fc.json()), parseText, limits);

const NAMES = [
  "BERTH_PUBLIC_URL",
  "BERTH_LISTEN",
  "BERTH_TRUSTED_PROXIES",
  "BERTH_REDIS_URL",
  "BERTH_ENCRYPTION_KEY",
];
const environment = fc.dictionary(
  fc.oneof(
    fc.constantFrom(...NAMES),
    oddText.map((text) => `BERTH_${text}`),
  ),
  oddText,
  {
    maxKeys: 6,
  },
);

const settings: FuzzTarget = (limits) =>
  fuzz(fc.tuple(environment, oddText), ([env, file]) => parseSettings(env, () => file), limits);

export const PARSER_TARGETS: Readonly<Record<string, FuzzTarget>> = {
  tokens,
  scopes,
  rules,
  declarations,
  settings,
};
