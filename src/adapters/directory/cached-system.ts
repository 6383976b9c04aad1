import type { Registry } from "../../domain/access/registry.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { Clock, Directory, System } from "../../usecases/ports.ts";

/** How old an issuer or a registry may be: a change made elsewhere is in force after this long. */
const MAX_AGE_MS = 1000;

interface Snapshot {
  readonly readAt: number;
  readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly registries: ReadonlyMap<string, Registry>;
}

/**
 * Issuers and registries, read whole at most once a second. Keeps the value and never the promise: on Workers a
 * promise of one request must not be awaited by another. A store that is down is an error, never an old answer.
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

  async #current(): Promise<Snapshot> {
    const now = this.#clock.now();
    const age = now - (this.#snapshot?.readAt ?? Number.NEGATIVE_INFINITY);
    if (this.#snapshot && age >= 0 && age < MAX_AGE_MS) return this.#snapshot;
    const { issuers, registries } = await this.#directory.readSystem();
    this.#snapshot = {
      readAt: now,
      issuers: new Map(issuers.map((issuer) => [issuer.url, issuer])),
      registries: new Map(registries.map((registry) => [registry.service, registry])),
    };
    return this.#snapshot;
  }
}
