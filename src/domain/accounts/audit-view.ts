import type { Registry } from "../access/registry.ts";
import type { AuditChange } from "../audit-event.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { TrustedIssuer } from "../identity/issuer.ts";
import type { FederationRule } from "../rules/federation-rule.ts";
import type { Namespace, Robot, RobotToken } from "./robot.ts";

/** An object as its owner may read it in the audit record: without hashes, nonces and ids of the store's own. */
export type AuditView = Readonly<Record<string, unknown>>;

/** So many entries of a list that changed stand in the record: a robot may have a thousand rules. */
const MAX_LISTED = 50;

export function auditViewOfNamespace({ nonce: _, name: __, ...namespace }: Namespace): AuditView {
  return namespace;
}

export function auditViewOfIssuer({ nonce: _, url: __, ...issuer }: TrustedIssuer): AuditView {
  return issuer;
}

export function auditViewOfRegistry({ service: _, ...registry }: Registry): AuditView {
  return registry;
}

/** The id stays: it is the auditor's name for the rule. */
export function auditViewOfRule({ nonce: _, ...rule }: FederationRule): AuditView {
  return rule;
}

export function auditViewOfRobot(robot: Robot): AuditView {
  const { name: _, uid, nonce, token, previousToken, lastTokenNumber, rules, ...shown } = robot;
  return {
    ...shown,
    rules: rules.map(auditViewOfRule),
    ...(token === undefined ? {} : { token: tokenView(token) }),
    ...(previousToken === undefined ? {} : { previousToken: tokenView(previousToken) }),
  };
}

function tokenView({ number, createdAt, expiresAt }: RobotToken): AuditView {
  return { number, createdAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** What became of `object` (`robot acme+builder`, `issuer https://…`), as a record of the audit log has it. */
export function auditChange(
  object: string,
  before: AuditView | undefined,
  after: AuditView | undefined,
): AuditChange {
  return { object, ...auditDifference(before, after) };
}

/**
 * What differs between two views of one object: its members, and of a list the entries. Before undefined: it was not
 * there, so all of it is new. After undefined: it is gone.
 */
export function auditDifference(
  before: AuditView | undefined,
  after: AuditView | undefined,
): Pick<AuditChange, "before" | "after"> {
  if (before && after) return { before: difference(before, after), after: difference(after, before) };
  return { ...(before && { before: shortened(before) }), ...(after && { after: shortened(after) }) };
}

/** The members of `view` that `other` does not have in this very form. */
function difference(view: AuditView, other: AuditView): AuditView {
  const differing = Object.entries(view)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(other[name]))
    .map(([name, value]) => [name, onlyDiffering(value, other[name])]);
  return shortened(Object.fromEntries(differing));
}

/** The entries of a list that the other lacks; of one that was only put in another order, the ids in theirs. */
function onlyDiffering(value: unknown, other: unknown): unknown {
  if (!Array.isArray(value) || !Array.isArray(other)) return value;
  const entries: readonly unknown[] = value;
  const [mine, theirs] = [textsOf(entries), textsOf(other)];
  const isReordered = mine.size === theirs.size && [...mine].every((text) => theirs.has(text));
  if (isReordered) return entries.map((entry) => idOf(entry) ?? entry);
  return entries.filter((entry) => !theirs.has(canonicalJson(entry)));
}

function textsOf(entries: readonly unknown[]): ReadonlySet<string> {
  return new Set(entries.map((entry) => canonicalJson(entry)));
}

function idOf(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "id" in entry ? entry.id : undefined;
}

function shortened(view: AuditView): AuditView {
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => {
      if (!Array.isArray(value) || value.length <= MAX_LISTED) return [name, value];
      return [name, [...value.slice(0, MAX_LISTED), `and ${value.length - MAX_LISTED} more`]];
    }),
  );
}
