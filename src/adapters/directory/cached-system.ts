import type { Registry } from "../../domain/access/registry.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { type Clock, type Directory, type System, UnavailableError } from "../../usecases/ports.ts";

/** How old an issuer or a registry may be: a change made elsewhere is in force after this long. */
const MAX_AGE_MS = 1000;

interface Snapshot {
  readonly readAt: number;
  readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly registries: ReadonlyMap<string, Registry>;
}

/**
 * Issuers and registries, read whole at most once a second. Keeps the value and never the promise: on Workers a
 * promise of one request must not be awaited by another. A store that is down is an error, never an old answer, but to
 * who asks for just that (`lastGood`).
 */
export class CachedSystem implements System {
  readonly #directory: Pick<Directory, "readSystem">;
  readonly #clock: Clock;
  #snapshot: Snapshot | undefined;

  constructor(directory: Pick<Directory, "readSystem">, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  async findIssuer(url: string): Promise<TrustedIssuer | undefined> {
    return (await this.#current()).issuers.get(url);
  }

  async findRegistry(service: string): Promise<Registry | undefined> {
    return (await this.#current()).registries.get(service);
  }

  /** Registries as they were read last, no longer ago than `maxAgeMs`, else UnavailableError. For stale pulls alone. */
  lastGood(maxAgeMs: number): Pick<System, "findRegistry"> {
    return {
      findRegistry: async (service) => {
        const snapshot = this.#youngerThan(maxAgeMs);
        if (snapshot === undefined) throw new UnavailableError("no registries were read in time");
        return snapshot.registries.get(service);
      },
    };
  }

  #youngerThan(maxAgeMs: number): Snapshot | undefined {
    if (this.#snapshot === undefined) return undefined;
    const age = this.#clock.now() - this.#snapshot.readAt;
    return age >= 0 && age < maxAgeMs ? this.#snapshot : undefined;
  }

  async #current(): Promise<Snapshot> {
    const known = this.#youngerThan(MAX_AGE_MS);
    if (known) return known;
    const readAt = this.#clock.now();
    const { issuers, registries } = await this.#directory.readSystem();
    this.#snapshot = {
      readAt,
      issuers: new Map(issuers.map((issuer) => [issuer.url, issuer])),
      registries: new Map(registries.map((registry) => [registry.service, registry])),
    };
    return this.#snapshot;
  }
}
