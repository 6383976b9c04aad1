import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { Clock } from "../../usecases/ports.ts";
import { FetchFault } from "./fetch-fault.ts";
import type { KeyEvent } from "./key-event.ts";
import type { KeyLoader, LoadedKeys } from "./key-loader.ts";
import type { KeySet } from "./key-set.ts";
import type { KeySource } from "./key-source.ts";

/** One refresh for unknown key ids and bad signatures; also the pause after a fetch that failed. */
export const COOL_DOWN_MS = 30_000;
/** How long after their fetch the last good keys serve while no newer ones can be had. */
const MAX_STALE_MS = 24 * 3_600_000;
/** Once a fetch has failed this lately, nobody waits for the next while the last good keys can serve. */
const KNOWN_OUTAGE_MS = 60_000;

interface Copy<Keys> extends LoadedKeys<Keys> {
  /** When its fetch began, Unix milliseconds. */
  readonly fetchedAt: number;
}

/** What an `IssuerKeys` knows, in a form that outlives its process. Moments in Unix milliseconds. */
export interface IssuerKeysState<Keys> {
  readonly copy: Copy<Keys> | undefined;
  readonly failedAt: number;
  readonly refreshedAt: number;
}

export interface IssuerKeysDeps<Keys> {
  readonly clock: Clock;
  readonly load: KeyLoader<Keys>;
  readonly report: (event: KeyEvent) => void;
  /** Absent: nothing is known yet. */
  readonly state?: IssuerKeysState<Keys> | undefined;
  /** Told before each fetch, which begins when it has resolved, and after it. */
  readonly save?: (state: IssuerKeysState<Keys>) => Promise<void>;
}

/**
 * The keys of one issuer under one nonce, kept in this process. Fetched when first asked for and when their
 * lifetime is over, by one fetch however many wait. Only a set with usable keys takes the place of another.
 */
export class IssuerKeys<Keys = KeySet> implements KeySource<Keys> {
  readonly #issuer: TrustedIssuer;
  readonly #clock: Clock;
  readonly #load: KeyLoader<Keys>;
  readonly #report: (event: KeyEvent) => void;
  readonly #save: ((state: IssuerKeysState<Keys>) => Promise<void>) | undefined;
  #copy: Copy<Keys> | undefined;
  #running: Promise<void> | undefined;
  #failedAt: number;
  #refreshedAt: number;

  constructor(issuer: TrustedIssuer, { clock, load, report, state, save }: IssuerKeysDeps<Keys>) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#load = load;
    this.#report = report;
    this.#save = save;
    this.#copy = state?.copy;
    this.#failedAt = state?.failedAt ?? Number.NEGATIVE_INFINITY;
    this.#refreshedAt = state?.refreshedAt ?? Number.NEGATIVE_INFINITY;
  }

  /** The keys to verify with now; undefined when none can be had. */
  async current(): Promise<Keys | undefined> {
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
  async newerThan(seen: Keys): Promise<Keys | undefined> {
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
    // The cool-down, before the fetch that it allows.
    await this.#saveState();
    try {
      this.#copy = { ...(await this.#load(this.#issuer)), fetchedAt };
      this.#failedAt = Number.NEGATIVE_INFINITY;
    } catch (fault) {
      if (!(fault instanceof FetchFault)) throw fault;
      this.#failedAt = this.#clock.now();
      this.#reportFailure(fault);
    }
    await this.#saveState();
  }

  async #saveState(): Promise<void> {
    await this.#save?.({ copy: this.#copy, failedAt: this.#failedAt, refreshedAt: this.#refreshedAt });
  }

  #reportFailure({ reason, code }: FetchFault): void {
    const issuer = this.#issuer.url;
    this.#report({ kind: "key_fetch_failed", issuer, reason, code });
    const usable = this.#usableCopy();
    if (!usable || this.#age(usable.fetchedAt) < usable.lifetimeMs) return;
    const ageSeconds = Math.floor(this.#age(usable.fetchedAt) / 1000);
    this.#report({ kind: "stale_keys_serving", issuer, ageSeconds });
  }

  #usableCopy(): Copy<Keys> | undefined {
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
