import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import { runCommandLine } from "../../src/entrypoints/command-line.ts";
import { type Environment, readSettings } from "../../src/entrypoints/read-settings.ts";
import { openStores, type Stores } from "../../src/entrypoints/stores.ts";
import { aNamespace, anEvent, anIssuer, aRegistry, aRobot, PUBLIC_URL } from "./baseline.ts";
import { ENCRYPTION_KEY } from "./berth-process.ts";

/** What a command has done. */
export interface CommandRun {
  readonly code: number;
  /** Standard output, without its last line feed. */
  readonly out: string;
  /** Standard error, likewise. */
  readonly err: string;
}

/** A host with Berth's settings and a SQLite store of its own, and nobody's server. */
export interface CommandWorld {
  readonly folder: string;
  readonly environment: Environment;
  /** Runs a command line in this process. */
  berth(...args: readonly string[]): Promise<CommandRun>;
  /** The same with other variables beside the host's own. */
  berthWith(variables: Environment, ...args: readonly string[]): Promise<CommandRun>;
  /** Writes a file into the folder, and gives its path. */
  file(name: string, text: string): string;
  /** The same for a file of a mode: 0600 unless it says otherwise. */
  privateFile(name: string, text: string, mode?: number): string;
  /** Puts an issuer, a registry and a namespace with its robots there, all of which the API manages. */
  put(change?: { namespace?: Partial<Namespace>; robots?: readonly Robot[] }): Promise<void>;
  /** Looks into the store beside the commands. */
  inStore<T>(look: (stores: Stores) => Promise<T>): Promise<T>;
  /** Events of changes, the newest first. */
  events(): Promise<readonly AuditEvent[]>;
  remove(): void;
}

export function newCommandWorld(): CommandWorld {
  const folder = mkdtempSync(join(tmpdir(), "berth-command-"));
  const environment = {
    HOME: folder,
    BERTH_PUBLIC_URL: PUBLIC_URL,
    BERTH_DATA_DIR: join(folder, "data"),
    BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
  };
  const inStore: CommandWorld["inStore"] = async (look) => {
    const stores = await openStores(readSettings(environment), systemClock);
    try {
      return await look(stores);
    } finally {
      stores.close();
    }
  };
  const berthWith: CommandWorld["berthWith"] = (variables, ...args) =>
    printing(() => runCommandLine(args, { ...environment, ...variables }));
  return {
    folder,
    environment,
    berth: (...args) => berthWith({}, ...args),
    berthWith,
    file: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    privateFile: (name, text, mode = 0o600) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    },
    put: (change) => inStore((stores) => putRecords(stores, change)),
    inStore,
    events: () => inStore(({ ledger }) => ledger.readEvents(1000)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What `run` prints goes nowhere but into the result. */
async function printing(run: () => Promise<number>): Promise<CommandRun> {
  const lines = { log: [] as string[], error: [] as string[] };
  const spies = (["log", "error"] as const).map((way) =>
    vi.spyOn(console, way).mockImplementation((line: unknown) => void lines[way].push(String(line))),
  );
  try {
    const code = await run();
    return { code, out: lines.log.join("\n"), err: lines.error.join("\n") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

async function putRecords(
  { directory }: Stores,
  { namespace = {}, robots = [aRobot({ managedBy: "api" })] }: Parameters<CommandWorld["put"]>[0] = {},
): Promise<void> {
  const event = anEvent(1, { kind: "directory.changed" });
  const { revision } = await directory.readSystem();
  await directory.commitSystem({
    fromRevision: revision,
    putIssuers: [anIssuer({ managedBy: "api" })],
    removeIssuers: [],
    putRegistries: [aRegistry({ managedBy: "api" })],
    removeRegistries: [],
    event,
  });
  const put = aNamespace({ managedBy: "api", ...namespace });
  const records = await directory.readNamespace(put.name);
  await directory.commitNamespace({
    name: put.name,
    fromRevision: records?.revision ?? 0,
    namespace: put,
    putRobots: robots,
    removeRobots: [],
    event,
  });
}
