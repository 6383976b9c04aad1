import { namespaceOfRobot } from "../../domain/access/names.ts";
import type { Registry } from "../../domain/access/registry.ts";
import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Reservation } from "../store-records.ts";
import {
  BACKUP_FORMAT,
  type BackedUpDeclaration,
  type BackedUpNamespace,
  type BackedUpRobot,
  type Backup,
  type BackupFooter,
  type BackupHeader,
  type BackupItem,
  type BackupKind,
  type TextDigest,
} from "./backup-format.ts";
import { FOOTER_FORM, HEADER_FORM, RECORD_FORMS } from "./backup-forms.ts";

/**
 * Reads a backup whole and holds each record against its form, and the file against its footer. In memory, since
 * nothing may be written before all of it is found good: a store of 100,000 robots takes some 100 MB.
 *
 * @param lines Without their line feeds.
 * @returns A sentence about the first fault, with the line's number.
 */
export async function readBackup(
  lines: AsyncIterable<string>,
  digest: TextDigest,
): Promise<Result<Backup, string>> {
  const reader = new BackupReader(digest);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const fault = reader.take(line);
    if (fault !== undefined) return err(`line ${number} of the backup ${fault}`);
  }
  return reader.end();
}

/** The lines of a backup as they come. */
class BackupReader {
  readonly #digest: TextDigest;
  #header: BackupHeader | undefined;
  #footer: BackupFooter | undefined;
  readonly #issuers: TrustedIssuer[] = [];
  readonly #registries: Registry[] = [];
  readonly #namespaces: (BackedUpNamespace & { readonly robots: BackedUpRobot[] })[] = [];
  readonly #declarations: BackedUpDeclaration[] = [];
  readonly #keys: StoredKey[] = [];
  readonly #apiTokens: ApiToken[] = [];
  readonly #reservations: Reservation[] = [];

  constructor(digest: TextDigest) {
    this.#digest = digest;
  }

  /** What is wrong with the line, if anything is. */
  take(line: string): string | undefined {
    if (this.#footer !== undefined) return "stands behind the end";
    const record = parseRecord(line);
    if (record === undefined) return "is no record";
    if (record.record === "footer") return this.#end(record);
    this.#digest.update(`${line}\n`);
    if (this.#header === undefined) return this.#begin(record);
    return this.#add(record);
  }

  end(): Result<Backup, string> {
    if (this.#header === undefined) return err("the backup is empty");
    if (this.#footer === undefined) return err("the backup is cut off: its last line is not there");
    return ok({
      header: this.#header,
      sha256: this.#footer.sha256,
      issuers: this.#issuers,
      registries: this.#registries,
      namespaces: this.#namespaces,
      keys: this.#keys,
      apiTokens: this.#apiTokens,
      declarations: this.#declarations,
      reservations: this.#reservations,
    });
  }

  #begin(record: Line): string | undefined {
    const misfit = HEADER_FORM(record);
    if (misfit !== undefined) return `is no header of a backup (${shown(misfit) || "record"})`;
    const header = record as unknown as BackupHeader;
    if (header.format !== BACKUP_FORMAT) {
      return `says format ${header.format}, and this release of Berth reads ${BACKUP_FORMAT}: take the release ${header.berth}`;
    }
    this.#header = header;
    return undefined;
  }

  #add(record: Line): string | undefined {
    const kind = record.record;
    if (!isKind(kind)) return "is a record of no known kind";
    const misfit = RECORD_FORMS[kind](record.value);
    if (misfit !== undefined)
      return `is no ${kind} record as this release knows it (${shown(misfit) || "value"})`;
    return this.#keep(record as unknown as BackupItem);
  }

  #keep(item: BackupItem): string | undefined {
    switch (item.record) {
      case "issuer":
        this.#issuers.push(item.value);
        break;
      case "registry":
        this.#registries.push(item.value);
        break;
      case "namespace":
        this.#namespaces.push({ namespace: item.value, robots: [] });
        break;
      case "robot":
        return this.#keepRobot(item.value);
      case "key":
        this.#keys.push(item.value);
        break;
      case "apiToken":
        this.#apiTokens.push(item.value);
        break;
      case "declaration":
        this.#declarations.push(item.value);
        break;
      case "reservation":
        this.#reservations.push(item.value);
        break;
    }
    return undefined;
  }

  #keepRobot(robot: BackedUpRobot): string | undefined {
    const last = this.#namespaces.at(-1);
    if (last?.namespace.name !== namespaceOfRobot(robot.robot.name)) return "is a robot of another namespace";
    last.robots.push(robot);
    return undefined;
  }

  #end(record: Line): string | undefined {
    const misfit = FOOTER_FORM(record);
    if (misfit !== undefined) return `is no end of a backup (${shown(misfit)})`;
    const footer = record as unknown as BackupFooter;
    if (footer.sha256 !== this.#digest.hex())
      return "has the SHA-256 of another file: the backup was changed";
    this.#footer = footer;
    return undefined;
  }
}

type Line = Readonly<Record<string, unknown>>;

function parseRecord(line: string): Line | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === "object" && record !== null ? (record as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** The path comes from the file, and goes to a terminal. */
function shown(path: string): string {
  return path.replaceAll(/[^\w.:/+-]/g, "?");
}

function isKind(kind: unknown): kind is BackupKind {
  return typeof kind === "string" && Object.hasOwn(RECORD_FORMS, kind);
}
