import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { type AuditTrail, type Ledger, UnavailableError } from "../../usecases/ports.ts";
import type { NearMissBuffer } from "./near-miss-buffer.ts";

/** How late an event may reach the ledger. */
const FLUSH_AFTER_MS = 1000;
/** Events kept while the ledger does not answer; the oldest go first. */
const MAX_BUFFERED = 10_000;

/**
 * Refusals and registry tokens on their way to the ledger, written together once a second: they decide nothing,
 * so no request waits for them. What is lost is counted and shown in `lost`.
 */
export class BufferedTrail implements AuditTrail {
  readonly #ledger: Pick<Ledger, "record">;
  readonly #onLoss: (lost: number) => void;
  readonly #nearMisses: NearMissBuffer;
  #events: AuditEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** One write at a time, so that a failed one comes back to the place it had. */
  #written: Promise<void> = Promise.resolve();
  #closing = false;
  #lost = 0;

  constructor(ledger: Pick<Ledger, "record">, onLoss: (lost: number) => void, nearMisses: NearMissBuffer) {
    this.#ledger = ledger;
    this.#onLoss = onLoss;
    this.#nearMisses = nearMisses;
  }

  /** Events lost since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** Events that wait for the ledger, those on their way to it not among them. */
  get buffered(): number {
    return this.#events.length;
  }

  add(event: AuditEvent, candidate?: NearMissCandidate): void {
    this.#events.push(event);
    if (candidate !== undefined) this.#nearMisses.add(candidate);
    this.#trim();
    this.#schedule();
  }

  /**
   * Resolves when all that was added is in the ledger, what is on its way included. Of a ledger that does not
   * answer now it is lost: a stop waits for no store.
   */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#flush();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#flush(), FLUSH_AFTER_MS);
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.#written.then(() => this.#write()).then(() => this.#nearMisses.flush());
    return this.#written;
  }

  async #write(): Promise<void> {
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    try {
      await this.#ledger.record(events);
    } catch (fault) {
      // Anything but an outage would fail the next time as well, and hold up what comes after.
      if (this.#closing || !(fault instanceof UnavailableError)) return this.#lose(events.length);
      this.#events = [...events, ...this.#events];
      this.#trim();
      this.#schedule();
    }
  }

  #trim(): void {
    const excess = this.#events.length - MAX_BUFFERED;
    if (excess > 0) this.#lose(this.#events.splice(0, excess).length);
  }

  #lose(count: number): void {
    this.#lost += count;
    this.#onLoss(this.#lost);
  }
}
