import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import type { AuditTrail, Clock } from "../../usecases/ports.ts";
import { ownCopy } from "../runtime/own-copy.ts";

/** Wrong secrets recorded of one robot's name in one second: a job that tries again is seen whole, a guesser is not. */
const RECORDED_PER_SECOND = 10;
/** Names remembered; of too many the one that began the longest ago goes. */
const MAX_NAMES = 10_000;

interface Second {
  readonly second: number;
  events: number;
}

/**
 * The audit trail, of which somebody who guesses secrets gets a bounded part: else his refusals would push those of
 * others out of the record. A right secret is never counted, let alone refused (docs/decisions/0013). What is left
 * out is counted in `leftOut`, and the next event of that name says how many there were.
 */
export class SampledTrail implements AuditTrail {
  readonly #trail: AuditTrail;
  readonly #clock: Clock;
  readonly #maxNames: number;
  readonly #seconds = new Map<string, Second>();
  #leftOut = 0;

  constructor(trail: AuditTrail, clock: Clock, maxNames = MAX_NAMES) {
    this.#trail = trail;
    this.#clock = clock;
    this.#maxNames = maxNames;
  }

  /** Events left out since the start. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add(event: AuditEvent, candidate?: NearMissCandidate): void {
    const isGuess = event.kind === "registry_token.refused" && event.reason === "credentials_invalid";
    if (isGuess) this.#addGuess(event);
    else this.#trail.add(event, candidate);
  }

  #addGuess(event: AuditEvent): void {
    // A user name that is no robot's is not in the event, nor here: all of them are one.
    const name = event.robot ?? "";
    const now = Math.floor(this.#clock.now() / 1000);
    const known = this.#seconds.get(name);
    if (known?.second === now) this.#addWithin(known, event);
    else {
      this.#begin(name, now);
      const missing = Math.max(0, (known?.events ?? 0) - RECORDED_PER_SECOND);
      const detail = `${missing} more before it were not recorded`;
      this.#trail.add(missing === 0 ? event : { ...event, detail });
    }
  }

  #addWithin(second: Second, event: AuditEvent): void {
    second.events += 1;
    if (second.events <= RECORDED_PER_SECOND) this.#trail.add(event);
    else this.#leftOut += 1;
  }

  #begin(name: string, second: number): void {
    this.#seconds.delete(name);
    this.#seconds.set(ownCopy(name), { second, events: 1 });
    for (const oldest of this.#seconds.keys()) {
      if (this.#seconds.size <= this.#maxNames) break;
      this.#seconds.delete(oldest);
    }
  }
}
