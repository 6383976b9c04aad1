import { type AuditSink, lineSink } from "../adapters/audit/audit-sink.ts";
import { teeApiTokens, teeDirectory, teeLedger } from "../adapters/audit/event-tee.ts";
import { FileSink } from "../adapters/audit/file-sink.ts";
import type { Log } from "../adapters/log/json-lines.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import type { Settings } from "../config/settings.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { openStores, type Stores } from "./stores.ts";

/** The stores, and the sink that gets each event which they have; undefined where none is asked for. */
export interface AuditedStores {
  readonly stores: Stores;
  readonly auditSink: AuditSink | undefined;
}

/**
 * Opens the stores as `openStores` does, and what `BERTH_AUDIT_FILE` names. A file that cannot be opened is a
 * ConfigurationError at start; one that cannot be written later loses lines, which is told in `log`.
 */
export async function openAuditedStores(
  settings: Settings,
  write: (line: string) => void,
  log: Log,
): Promise<AuditedStores> {
  const auditSink = await openSink(settings, write, log);
  try {
    const stores = await openStores(settings, systemClock, (warning) => log("warn", "store", { warning }));
    return { stores: auditSink === undefined ? stores : teeStores(stores, auditSink), auditSink };
  } catch (fault) {
    await auditSink?.close();
    throw fault;
  }
}

async function openSink(
  { auditFile }: Settings,
  write: (line: string) => void,
  log: Log,
): Promise<AuditSink | undefined> {
  if (auditFile === undefined) return undefined;
  if (auditFile === "-") return lineSink(write);
  try {
    return await FileSink.open({
      path: auditFile,
      now: () => performance.now(),
      onLoss: (lost) => log("warn", "audit file lost lines", { lost }),
    });
  } catch (fault) {
    const code = fault instanceof Error && "code" in fault ? fault.code : undefined;
    throw new ConfigurationError([`BERTH_AUDIT_FILE: cannot be opened: ${code}`]);
  }
}

function teeStores(stores: Stores, sink: AuditSink): Stores {
  return {
    ...stores,
    ledger: teeLedger(stores.ledger, sink),
    directory: teeDirectory(stores.directory, sink),
    apiTokens: teeApiTokens(stores.apiTokens, sink),
  };
}
