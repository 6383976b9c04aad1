import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { Clock } from "../../usecases/ports.ts";
import { FetchFault } from "./fetch-fault.ts";
import type { KeyEvent } from "./key-event.ts";
import type { KeyLoader, LoadedKeys } from "./key-loader.ts";
import type { KeySet } from "./key-set.ts";

/** One refresh for unknown key ids and bad signatures; also the pause after a fetch that failed. */
export const COOL_DOWN_MS = 30_000;
/** How long after their fetch the last good keys serve while no newer ones can be had. */
const MAX_STALE_MS = 24 * 3_600_000;
/** Once a fetch has failed this lately, nobody waits for the next while the last good keys can serve. */
const KNOWN_OUTAGE_MS = 60_000;

interface Copy extends LoadedKeys {
  /** When its fetch began, Unix milliseconds. */
  readonly fetchedAt: number;
}

/**
 * The keys of one issuer under one nonce, kept in this process. Fetched when first asked for and when their
 * lifetime is over, by one fetch however many wait. Only a set with usable keys takes the place of another.
 */
export class IssuerKeys {
  readonly #issuer: TrustedIssuer;
  readonly #clock: Clock;
  readonly #load: KeyLoader;
  readonly #report: (event: KeyEvent) => void;
  #copy: Copy | undefined;
  #running: Promise<void> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(issuer: TrustedIssuer, clock: Clock, load: KeyLoader, report: (event: KeyEvent) => void) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#load = load;
    this.#report = report;
  }

  /** The keys to verify with now; undefined when none can be had. */
  async current(): Promise<KeySet | undefined> {
    if (this.#isPast()) return undefined;
    const usable = this.#usableCopy();
    if (usable && this.#age(usable.fetchedAt) < usable.lifetimeMs) return usable.keys;
    if (this.#age(this.#failedAt) >= COOL_DOWN_MS) {
      const isOutage = this.#age(this.#failedAt) < KNOWN_OUTAGE_MS;
      const fetched = this.#fetch();
      // A bug in it is thrown to the next one who waits.
      if (usable && isOutage) fetched.catch(() => undefined);
      else await fetched;
    }
    return this.#usableCopy()?.keys;
  }

  /**
   * Keys newer than `seen`, under which a token did not verify; undefined when there are none. Joins a fetch that
   * runs already, else begins one, once a cool-down. The cool-down is claimed before the fetch and stays claimed
   * when it fails: otherwise invented key ids would become requests to an issuer that is down.
   */
  async newerThan(seen: KeySet): Promise<KeySet | undefined> {
    if (this.#issuer.keys.kind === "inline") return undefined;
    if (this.#copy?.keys === seen) await (this.#running ?? this.#refreshOnce());
    const keys = this.#usableCopy()?.keys;
    return keys === seen ? undefined : keys;
  }

  async #refreshOnce(): Promise<void> {
    if (this.#age(this.#refreshedAt) < COOL_DOWN_MS) return;
    this.#refreshedAt = this.#clock.now();
    await this.#fetch();
  }

  /** Never rejects for a FetchFault: that is told to the log, and the copy stays as it was. */
  #fetch(): Promise<void> {
    this.#running ??= this.#replaceCopy().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #replaceCopy(): Promise<void> {
    const fetchedAt = this.#clock.now();
    try {
      this.#copy = { ...(await this.#load(this.#issuer)), fetchedAt };
      this.#failedAt = Number.NEGATIVE_INFINITY;
    } catch (fault) {
      if (!(fault instanceof FetchFault)) throw fault;
      this.#failedAt = this.#clock.now();
      this.#reportFailure(fault);
    }
  }

  #reportFailure({ reason, code }: FetchFault): void {
    const issuer = this.#issuer.url;
    this.#report({ kind: "key_fetch_failed", issuer, reason, code });
    const usable = this.#usableCopy();
    if (!usable || this.#age(usable.fetchedAt) < usable.lifetimeMs) return;
    const ageSeconds = Math.floor(this.#age(usable.fetchedAt) / 1000);
    this.#report({ kind: "stale_keys_serving", issuer, ageSeconds });
  }

  #usableCopy(): Copy | undefined {
    const copy = this.#copy;
    if (!copy) return undefined;
    if (copy.lifetimeMs === Number.POSITIVE_INFINITY) return copy;
    // By distance: a clock set back by a second must not throw good keys away in an outage.
    return Math.abs(this.#clock.now() - copy.fetchedAt) < MAX_STALE_MS ? copy : undefined;
  }

  /** Whether an inline key set has reached the end that its operator gave it. */
  #isPast(): boolean {
    const { keys } = this.#issuer;
    return keys.kind === "inline" && this.#clock.now() >= keys.expiresAt * 1000;
  }

  /** A moment in the future, after a clock was set back, is as old as can be. */
  #age(moment: number): number {
    const age = this.#clock.now() - moment;
    return age < 0 ? Number.POSITIVE_INFINITY : age;
  }
}
