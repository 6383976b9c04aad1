import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import type { AuditTrail, Ledger } from "../../usecases/ports.ts";
import type { NearMissBuffer } from "./near-miss-buffer.ts";

/**
 * Refusals and registry tokens on their way to the ledger on Workers, where no timer outlives a request: what requests
 * added is written by `flush`, at the end of each. Nothing is kept for later, since nobody knows whether there is one:
 * what the ledger does not take is lost, counted and shown in `lost`.
 */
export class UnbufferedTrail implements AuditTrail {
  readonly #ledger: Pick<Ledger, "record">;
  readonly #onLoss: (lost: number) => void;
  readonly #nearMisses: NearMissBuffer;
  /** Of all requests that are under way: whichever ends first takes what is there. */
  #events: AuditEvent[] = [];
  #lost = 0;

  constructor(ledger: Pick<Ledger, "record">, onLoss: (lost: number) => void, nearMisses: NearMissBuffer) {
    this.#ledger = ledger;
    this.#onLoss = onLoss;
    this.#nearMisses = nearMisses;
  }

  /** Events lost since this isolate began. */
  get lost(): number {
    return this.#lost;
  }

  add(event: AuditEvent, candidate?: NearMissCandidate): void {
    this.#events.push(event);
    if (candidate !== undefined) this.#nearMisses.add(candidate);
  }

  /** Writes what was added. Never throws, since no request waits for it. */
  async flush(): Promise<void> {
    const events = this.#events;
    this.#events = [];
    try {
      if (events.length > 0) await this.#ledger.record(events);
    } catch {
      this.#lost += events.length;
      this.#onLoss(this.#lost);
    }
    await this.#nearMisses.flush();
  }
}
