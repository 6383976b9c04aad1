import type { DeclaredRule } from "../domain/accounts/declaration.ts";
import type { Profile } from "../domain/identity/profiles/profile.ts";
import type { RuleContent } from "./declaration-schema.ts";
import { declaredPermissions } from "./declared-permissions.ts";
import { checkPin } from "./declared-pin.ts";
import type { Path, Report } from "./problem.ts";
import { suggestion } from "./spelling.ts";

export interface RuleContext {
  readonly report: Report;
  readonly registries: readonly string[];
  /** URL of each declared issuer → its audiences. */
  readonly audiences: ReadonlyMap<string, readonly string[]>;
  /** URL of each declared issuer → its family. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly digitsAt: (path: Path) => string | undefined;
}

const MAX_CLAIM_LENGTH = 2048;
/** RFC 8259 §6: a token can hold a number in no other form, so no other could ever be equal. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Claims that a rule has a field for, and those that Berth checks itself. */
const OWN_FIELD: Readonly<Record<string, string>> = {
  iss: "is what issuer says",
  sub: "is what subject says",
  aud: "is what audience says",
  exp: "is checked already",
  iat: "is checked already",
  nbf: "is checked already",
  jti: "is another one for each token",
};

/** The rule that `content` declares. Whether it is a good one, the linter says (`rule-problems.ts`). */
export function declaredRule(content: RuleContent, path: Path, context: RuleContext): DeclaredRule {
  checkIssuer(content, path, context);
  const permissions =
    content.permissions && declaredPermissions(content.permissions, [...path, "permissions"], context);
  const declared: DeclaredRule = {
    enabled: content.enabled,
    description: content.description,
    issuer: content.issuer,
    subject: content.subject,
    claims: Object.fromEntries(
      Object.entries(content.claims).map(([name, value]) => [
        name,
        claimValues(name, value, [...path, "claims", name], context),
      ]),
    ),
    ttlSeconds: content.ttl_seconds,
    ...(content.audience === undefined ? {} : { audience: content.audience }),
    ...(permissions === undefined ? {} : { permissions }),
    ...(content.api_scopes === undefined ? {} : { apiScopes: [...new Set(content.api_scopes)] }),
    ...(content.pin === undefined ? {} : { pin: content.pin }),
  };
  const profile = context.profiles.get(content.issuer);
  // Of an issuer that is not declared, that was reported.
  if (declared.pin !== undefined && profile) checkPin(declared, path, profile, context.report);
  return declared;
}

function checkIssuer(
  { issuer, audience }: RuleContent,
  path: Path,
  { audiences, report }: RuleContext,
): void {
  const known = audiences.get(issuer);
  if (known === undefined) {
    report(
      [...path, "issuer"],
      `is not the URL of a declared issuer${suggestion(issuer, [...audiences.keys()])}`,
    );
  } else if (audience !== undefined && !known.includes(audience)) {
    report([...path, "audience"], `is not one of the issuer's audiences${suggestion(audience, known)}`);
  }
}

function claimValues(
  name: string,
  value: RuleContent["claims"][string],
  path: Path,
  context: RuleContext,
): readonly string[] {
  const own = Object.hasOwn(OWN_FIELD, name) ? OWN_FIELD[name] : undefined;
  if (own !== undefined) context.report(path, `${own}; leave it out`);
  if (/^\/[^/]*$/.test(name)) context.report(path, "is not nested; write it without the slash");
  if (!Array.isArray(value)) return [comparable(value, path, context)];
  return value.map((item, at) => comparable(item, [...path, at], context));
}

/** The value as a token's claim is compared with it (`domain/identity/claims.ts`). */
function comparable(value: string | number | boolean, path: Path, context: RuleContext): string {
  const text = typeof value === "number" ? (context.digitsAt(path) ?? "") : String(value);
  if (typeof value === "number") {
    if (!JSON_NUMBER.test(text)) context.report(path, "is not a number as JSON writes it; put it in quotes");
  } else if (text === "") {
    context.report(path, "must not be empty: a claim that is empty counts as absent");
  } else if (text.length > MAX_CLAIM_LENGTH) {
    context.report(path, `must be at most ${MAX_CLAIM_LENGTH} characters`);
  }
  return text;
}
