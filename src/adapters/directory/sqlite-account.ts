import type { RobotName } from "../../domain/access/names.ts";
import type { Account, Namespace } from "../../domain/accounts/robot.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import { decodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";
import type { HeldRules, RulesCache } from "./rules-cache.ts";
import { decodePins, PINS_OF_ROBOT } from "./sqlite-pins.ts";
import type { BareRobot } from "./sqlite-robots.ts";

/** An account as it is stored: texts, of which a reader parses no more than it has to. */
export interface AccountRow {
  readonly namespace: string;
  readonly robot: string;
  readonly rulesRevision: string;
  /** Null when the revision is the one that was named. */
  readonly rules: string | null;
  readonly pins: string;
}

const FIND = `
  SELECT n.document AS namespace, r.document AS robot, r.rules_revision AS rulesRevision,
    CASE WHEN r.rules_revision = ? THEN NULL ELSE r.rules END AS rules, ${PINS_OF_ROBOT} AS pins
  FROM robots r JOIN namespaces n ON n.name = r.namespace
  WHERE r.name = ? AND n.document IS NOT NULL`;

/** @param heldRevision Of the rules that the reader holds; "": it holds none. */
export function findAccountRow(db: Sql, name: RobotName, heldRevision: string): AccountRow | undefined {
  return db.get<AccountRow>(FIND, heldRevision, name);
}

/** The account of a row that was read with `held`; rules that are new are held in `cache`. */
export function decodeAccount(
  row: AccountRow,
  name: RobotName,
  held: HeldRules | undefined,
  cache: RulesCache,
): Account {
  const robot = decodeDocument<BareRobot>(row.robot);
  const namespace = decodeDocument<Namespace>(row.namespace);
  const pins = decodePins(row.pins);
  if (row.rules === null) return { namespace, robot: { ...robot, rules: held?.rules ?? [] }, ...pins };
  const rules = decodeDocument<readonly FederationRule[]>(row.rules);
  cache.hold(name, { revision: row.rulesRevision, rules, characters: row.rules.length });
  return { namespace, robot: { ...robot, rules }, ...pins };
}
