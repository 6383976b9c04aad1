import { DurableObject } from "cloudflare:workers";
import type { IssuerKeysCalls } from "../../adapters/durable-object/issuer-keys-calls.ts";
import { jsonLines, type Log } from "../../adapters/log/json-lines.ts";
import { type KeptKeys, KeyKeeper } from "../../adapters/oidc/key-keeper.ts";
import type { KeyAnswer, KeyQuestion } from "../../adapters/oidc/remote-issuer-keys.ts";
import { webFetchDocument } from "../../adapters/oidc/web-fetch.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { logKeyEvent } from "../key-event-log.ts";
import { writeToConsole } from "./console-lines.ts";
import { parseWorkerSettings, type WorkerEnvironment } from "./worker-settings.ts";

const KEPT = "kept";
/** Twice as long as stale keys may serve: an issuer whose keys nobody has fetched since leaves nothing behind. */
const FORGET_AFTER_MS = 48 * 3_600_000;

/**
 * An issuer's keys for all isolates, one object for each issuer: however many ask, one fetches. Within an object
 * requests may share a promise, which they may not in an isolate.
 */
export class IssuerKeysObject extends DurableObject<WorkerEnvironment> implements IssuerKeysCalls {
  #keeper: KeyKeeper | undefined;

  async answer(issuer: TrustedIssuer, question: KeyQuestion): Promise<KeyAnswer> {
    // No other call comes between the read and the assignment: the object's input gate is closed while it reads.
    this.#keeper ??= await this.#open();
    return this.#keeper.answer(issuer, question);
  }

  override async alarm(): Promise<void> {
    this.#keeper = undefined;
    await this.ctx.storage.deleteAll();
  }

  async #open(): Promise<KeyKeeper> {
    const { storage } = this.ctx;
    const log = this.#log();
    return new KeyKeeper({
      clock: systemClock,
      fetchDocument: webFetchDocument,
      report: (event) => logKeyEvent(log, event),
      kept: await storage.get<KeptKeys>(KEPT),
      keep: async (kept) => {
        await storage.put(KEPT, kept);
        await storage.setAlarm(systemClock.now() + FORGET_AFTER_MS);
      },
    });
  }

  #log(): Log {
    const settings = parseWorkerSettings(this.env);
    return jsonLines(settings.ok ? settings.value.logLevel : "info", writeToConsole, systemClock.now);
  }
}
