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

/**
 * `old` as somebody writes it anew: its id stays, and its nonce with it unless it asks or grants something else, or
 * was disabled or enabled. The id is new where the rule has pinned ids at its first match and now names other jobs,
 * or pins no more: what was recorded under the old one is of those that it named then (`rules/identity-pin.ts`), and
 * would shut out all others when it pins again.
 */
export function reviseRule(old: FederationRule, declared: DeclaredRule, draw: Draw): FederationRule {
  const isSame = old.enabled === declared.enabled && contentOf(old) === contentOf(declared);
  const endsPins = old.pin !== undefined && (declared.pin !== old.pin || jobsOf(old) !== jobsOf(declared));
  return { ...declared, id: endsPins ? draw() : old.id, nonce: isSame ? old.nonce : draw() };
}

/** What a rule demands and grants, as a text. Lists are sets here: their order says nothing. */
function contentOf(rule: DeclaredRule): string {
  return canonicalJson({
    jobs: jobsOf(rule),
    audience: rule.audience,
    permissions: rule.permissions && sorted(rule.permissions),
    apiScopes: rule.apiScopes?.toSorted(),
    ttlSeconds: rule.ttlSeconds,
    pin: rule.pin,
  });
}

/** Whose identity tokens a rule names. */
function jobsOf({ issuer, subject, claims }: DeclaredRule): string {
  const sets = Object.entries(claims).map(([name, values]) => [name, values.toSorted()]);
  return canonicalJson({ issuer, subject, claims: Object.fromEntries(sets) });
}

function sorted(permissions: readonly Permission[]): readonly string[] {
  return permissions.map((permission) => canonicalJson(permission)).sort();
}
