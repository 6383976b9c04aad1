import { err, ok, type Result } from "../../domain/result.ts";
import type { ApiTokens, Clock, Directory } from "../ports.ts";
import type { NamespaceRecords } from "../store-records.ts";
import {
  BACKUP_FORMAT,
  type BackupCounts,
  type BackupFooter,
  type BackupHeader,
  type BackupItem,
  type BackupKind,
  type TextDigest,
} from "./backup-format.ts";

export interface BackUpDeps {
  readonly directory: Pick<
    Directory,
    | "readRestoreState"
    | "readSystem"
    | "listNamespaces"
    | "readNamespace"
    | "readKeys"
    | "listDeclarationStates"
    | "listReservations"
  >;
  readonly apiTokens: Pick<ApiTokens, "list">;
  readonly clock: Clock;
  readonly newDigest: () => TextDigest;
}

/**
 * All that operators and namespaces wrote, as lines of JSON without their line feeds. A namespace is of one moment,
 * the whole is not: what is changed meanwhile may be in it or not. Private keys stay encrypted; of tokens there are
 * hashes. Not in it: credentials, marks of used identity tokens, near misses and the audit record.
 *
 * @returns A sentence, while a restore has not come to its end: half of one is no backup.
 */
export async function backUp(
  deps: BackUpDeps,
  origin: Pick<BackupHeader, "berth" | "store">,
): Promise<Result<AsyncIterable<string>, string>> {
  if ((await deps.directory.readRestoreState()) !== undefined) {
    return err(
      "a restore of this store is not finished: end it first, with `berth restore` and the same file",
    );
  }
  return ok(seal(deps, origin));
}

async function* seal(
  deps: BackUpDeps,
  origin: Pick<BackupHeader, "berth" | "store">,
): AsyncGenerator<string> {
  const digest = deps.newDigest();
  const counts: Partial<Record<BackupKind, number>> = {};
  const sealed = (record: BackupHeader | BackupItem) => {
    const line = JSON.stringify(record);
    digest.update(`${line}\n`);
    return line;
  };
  const madeAt = new Date(deps.clock.now()).toISOString();
  yield sealed({ record: "header", format: BACKUP_FORMAT, ...origin, madeAt });
  for await (const item of items(deps)) {
    counts[item.record] = (counts[item.record] ?? 0) + 1;
    yield sealed(item);
  }
  yield footer(counts, digest.hex());
}

function footer(counts: BackupCounts, sha256: string): string {
  return JSON.stringify({ record: "footer", counts, sha256 } satisfies BackupFooter);
}

async function* items({ directory, apiTokens }: BackUpDeps): AsyncGenerator<BackupItem> {
  const { issuers, registries } = await directory.readSystem();
  for (const value of issuers) yield { record: "issuer", value };
  for (const value of registries) yield { record: "registry", value };
  for (const { name } of await directory.listNamespaces()) {
    // Undefined: it was removed since it was listed.
    const records = await directory.readNamespace(name);
    if (records !== undefined) yield* itemsOf(records);
  }
  for (const value of await directory.readKeys()) yield { record: "key", value };
  for (const value of await apiTokens.list()) yield { record: "apiToken", value };
  for (const [series, state] of await directory.listDeclarationStates()) {
    yield { record: "declaration", value: { series, ...state } };
  }
  for (const value of await directory.listReservations()) yield { record: "reservation", value };
}

function* itemsOf({ namespace, robots, pins }: NamespaceRecords): Generator<BackupItem> {
  yield { record: "namespace", value: namespace };
  for (const robot of robots) {
    yield { record: "robot", value: { robot, pins: pins[robot.name] ?? {} } };
  }
}
