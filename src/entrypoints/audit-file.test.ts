import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aNamespaceChange } from "../../test/contracts/directory/changes.ts";
import { anEvent } from "../../test/support/baseline.ts";
import { ENCRYPTION_KEY } from "../../test/support/berth-process.ts";
import { auditLine } from "../adapters/audit/audit-sink.ts";
import { UnavailableError } from "../usecases/ports.ts";
import { openAuditedStores } from "./audit-file.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { readSettings } from "./read-settings.ts";

let folder: string;
let printed: string;
let logged: unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-audit-file-"));
  printed = "";
  logged = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (auditFile: string | undefined) =>
  openAuditedStores(
    readSettings({
      BERTH_PUBLIC_URL: "https://berth.example.com",
      BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
      BERTH_DATA_DIR: join(folder, "data"),
      BERTH_AUDIT_FILE: auditFile,
    }),
    (line) => {
      printed += line;
    },
    (...line) => logged.push(line),
  );

const change = aNamespaceChange();
const created = anEvent(1, { kind: "api_token.created" });
const token = {
  id: "ab".repeat(16),
  hash: "ab".repeat(32),
  description: "",
  scopes: ["org:read"],
  namespaces: ["acme"],
  createdAt: 1,
  expiresAt: 2,
  createdBy: "operator",
} as const;
const LINES = [anEvent(2), change.event, created].map(auditLine).join("");

/** One event of each port that writes any. */
async function writeEvents({ stores, auditSink }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await stores.ledger.record([anEvent(2)]);
  await stores.directory.commitNamespace(change);
  await stores.apiTokens.add(token, created);
  await auditSink?.close();
}

it("gives a file each event of the stores", async () => {
  const file = join(folder, "audit.jsonl");
  const audited = await open(file);
  await writeEvents(audited);
  expect(readFileSync(file, "utf8")).toBe(LINES);
  expect((await audited.stores.auditLog.query({}, { limit: 10 })).events).toHaveLength(3);
  expect([audited.auditSink?.lost, printed, logged]).toEqual([0, "", []]);
  audited.stores.close();
});

it("gives standard output each event of the stores", async () => {
  const audited = await open("-");
  await writeEvents(audited);
  expect(printed).toBe(LINES);
  audited.stores.close();
});

it("gives nobody anything where none is set", async () => {
  const audited = await open(undefined);
  await writeEvents(audited);
  expect(audited.auditSink).toBeUndefined();
  expect(printed).toBe("");
  audited.stores.close();
});

it("stops the start where the file cannot be opened, and names the setting", async () => {
  const fault: unknown = await open(join(folder, "none", "audit.jsonl")).catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(ConfigurationError);
  expect(fault).toMatchObject({ problems: ["BERTH_AUDIT_FILE: cannot be opened: ENOENT"] });
});

it("tells in the log what the file has lost", async () => {
  const file = join(folder, "audit.jsonl");
  const audited = await open(file);
  await audited.auditSink?.close();
  rmSync(file);
  mkdirSync(file);
  await writeEvents(audited);
  expect(audited.auditSink?.lost).toBe(3);
  expect(logged).toEqual([["warn", "audit file lost lines", { lost: expect.any(Number) }]]);
  audited.stores.close();
});

it("keeps the fault of a store that cannot be opened", async () => {
  writeFileSync(join(folder, "data"), "");
  await expect(open(join(folder, "audit.jsonl"))).rejects.toBeInstanceOf(UnavailableError);
});
