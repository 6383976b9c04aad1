import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import type { RobotRecords } from "../../usecases/store-records.ts";
import { decodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";

/** A robot's record in the store's file: its rules stand apart from it, since they may be a thousand. */
export type BareRobot = Omit<Robot, "rules">;

interface RobotRow {
  readonly robot: string;
  readonly rules: string;
}

type PlaceRow = { readonly revision: number; readonly namespace: string } & (
  | RobotRow
  | { readonly robot: null; readonly rules: null }
);

const READ = `
  SELECT n.revision, n.document AS namespace, r.document AS robot, r.rules
  FROM namespaces n LEFT JOIN robots r ON r.namespace = n.name AND r.name = ?
  WHERE n.name = ? AND n.document IS NOT NULL`;
/** By the index robots_by_name, from `after` on: it reads the page alone. */
const LIST = `
  SELECT r.document AS robot, r.rules
  FROM namespaces n JOIN robots r ON r.namespace = n.name
  WHERE n.name = ? AND n.document IS NOT NULL AND r.name > ?
  ORDER BY r.name LIMIT ?`;

/** Robots one by one, or a page of them. Each read is one statement, so that it sees one moment of the store. */
export class SqliteRobots {
  readonly #db: Sql;

  constructor(db: Sql) {
    this.#db = db;
  }

  read(name: RobotName): RobotRecords | undefined {
    const row = this.#db.get<PlaceRow>(READ, name, namespaceOfRobot(name));
    if (row === undefined) return undefined;
    return {
      revision: row.revision,
      namespace: decodeDocument<Namespace>(row.namespace),
      robot: row.robot === null ? undefined : decodeRobot(row),
    };
  }

  /** SQLite compares bytes of UTF-8, and names are ASCII: so the order is that of code units. */
  list(namespace: string, after: string, limit: number): readonly Robot[] {
    return this.#db.all<RobotRow>(LIST, namespace, after, limit).map(decodeRobot);
  }
}

export function decodeRobot({ robot, rules }: RobotRow): Robot {
  return {
    ...decodeDocument<BareRobot>(robot),
    rules: decodeDocument<readonly FederationRule[]>(rules),
  };
}
