/** Changes kept of each namespace, and of the system's records, about: Redis drops whole nodes of a stream. */
export const MAX_STREAM_EVENTS = 1000;

/** The names of a namespace's keys, all in one slot of a cluster. A namespace's name holds no braces. */
export class NamespaceKeys {
  readonly base: string;

  constructor(keyPrefix: string, name: string) {
    this.base = `${keyPrefix}{n:${name}}:`;
  }

  /**
   * Hash: `revision`, which stays when the namespace is removed, and `namespace`. Of one that was removed `reserved`
   * (Unix seconds; absent: by the release before). The revision at which its name was `released`, and the one at which
   * `names` was right, as `indexed`: they hold for no later one, so that what the release before writes ends them.
   */
  get meta(): string {
    return `${this.base}meta`;
  }

  /** Hash: robot's name → its record without rules. */
  get robots(): string {
    return `${this.base}robots`;
  }

  /** Hash: robot's name → its rules. */
  get rules(): string {
    return `${this.base}rules`;
  }

  /** Sorted set of the robots' names, all of one score: their order. */
  get names(): string {
    return `${this.base}names`;
  }

  /** Hash: robot's name → revision of its rules (rules-cache.ts). */
  get revisions(): string {
    return `${this.base}revisions`;
  }

  /** Hash: robot's name → its pins. */
  get pins(): string {
    return `${this.base}pins`;
  }

  get audit(): string {
    return `${this.base}audit`;
  }
}

/** The names of the keys that belong to no namespace, all in one slot. */
export class SystemKeys {
  readonly base: string;

  constructor(keyPrefix: string) {
    this.base = `${keyPrefix}{sys}:`;
  }

  get revision(): string {
    return `${this.base}revision`;
  }

  /** Hash: URL → trusted issuer. */
  get issuers(): string {
    return `${this.base}issuers`;
  }

  /** Hash: service → registry. */
  get registries(): string {
    return `${this.base}registries`;
  }

  get audit(): string {
    return `${this.base}audit`;
  }

  /** Set: every name that a namespace has, is about to have, or had. */
  get namespaces(): string {
    return `${this.base}namespaces`;
  }

  /** Hash: name → stored key. */
  get keys(): string {
    return `${this.base}keys`;
  }

  /** String: the state of a server's own file. */
  get declaration(): string {
    return `${this.base}declaration`;
  }

  /** Hash: series → the state of the declarations that clients apply. */
  get declarations(): string {
    return `${this.base}declarations`;
  }

  get restore(): string {
    return `${this.base}restore`;
  }

  /** Hash: id → API token. */
  get apiTokens(): string {
    return `${this.base}api-tokens`;
  }

  /** There once an API token with `super:user` was ever written. */
  get superUser(): string {
    return `${this.base}super-user`;
  }

  /** String: the holder. */
  lease(name: string): string {
    return `${this.base}lease:${name}`;
  }
}
