import type { Permission } from "../access/permission.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { FederationRule } from "../rules/federation-rule.ts";
import type { DeclaredRule, Draw } from "./declaration.ts";

/**
 * The declared rules with ids and nonces: those of the old rule of the same content, wherever that stood, so
 * that a moved or newly described rule revokes nothing. One that was disabled or enabled keeps its id and gets
 * a new nonce; a rule of new content gets both. An old rule is carried over once.
 */
export function carryRules(
  declared: readonly DeclaredRule[],
  old: readonly FederationRule[],
  draw: Draw,
): readonly FederationRule[] {
  const left = Map.groupBy(old, contentOf);
  return declared.map((rule): FederationRule => {
    const candidates = left.get(contentOf(rule)) ?? [];
    const same = candidates.findIndex((candidate) => candidate.enabled === rule.enabled);
    const [carried] = candidates.splice(Math.max(same, 0), 1);
    const nonce = carried?.enabled === rule.enabled ? carried.nonce : draw();
    return { ...rule, id: carried?.id ?? draw(), nonce };
  });
}

/** What a rule demands and grants, as a text. Lists are sets here: their order says nothing. */
function contentOf(rule: DeclaredRule): string {
  const claims = Object.entries(rule.claims).map(([name, values]) => [name, values.toSorted()]);
  return canonicalJson({
    issuer: rule.issuer,
    subject: rule.subject,
    audience: rule.audience,
    claims: Object.fromEntries(claims),
    permissions: rule.permissions && sorted(rule.permissions),
    ttlSeconds: rule.ttlSeconds,
    pin: rule.pin,
  });
}

function sorted(permissions: readonly Permission[]): readonly string[] {
  return permissions.map((permission) => canonicalJson(permission)).sort();
}
