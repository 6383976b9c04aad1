import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { Clock } from "../../usecases/ports.ts";
import type { FetchDocument } from "./issuer-document.ts";
import { IssuerKeys, type IssuerKeysState } from "./issuer-keys.ts";
import type { KeyEvent } from "./key-event.ts";
import { createKeyTextLoader, type KeySetText } from "./key-loader.ts";
import type { KeyAnswer, KeyQuestion } from "./remote-issuer-keys.ts";

/** What a keeper writes down, for the one that comes after it. */
export interface KeptKeys {
  /** The issuer's nonce under which it was learnt. */
  readonly nonce: string;
  /** Of the copy in `state`: no two copies have the same. */
  readonly version: string;
  readonly state: IssuerKeysState<KeySetText>;
}

export interface KeyKeeperDeps {
  readonly clock: Clock;
  readonly fetchDocument: FetchDocument;
  readonly report: (event: KeyEvent) => void;
  readonly kept: KeptKeys | undefined;
  readonly keep: (kept: KeptKeys) => Promise<void>;
}

/**
 * The one who fetches an issuer's keys for all that ask: single flight, cool-down, the last good copy in an outage.
 * A change of what the issuer is trusted for begins with no keys, as in `IssuerKeyCache`.
 */
export class KeyKeeper {
  readonly #deps: KeyKeeperDeps;
  #nonce: string | undefined;
  #keys: IssuerKeys<KeySetText> | undefined;
  #kept: KeptKeys | undefined;

  constructor(deps: KeyKeeperDeps) {
    this.#deps = deps;
    this.#kept = deps.kept;
  }

  async answer(issuer: TrustedIssuer, { held, wantsNewer }: KeyQuestion): Promise<KeyAnswer> {
    const keys = this.#keysOf(issuer);
    const current = await keys.current();
    if (current === undefined) return { kind: "none" };
    const isHeld = this.#version() === held;
    if (isHeld && wantsNewer) await keys.newerThan(current);
    const text = (await keys.current())?.text;
    const version = this.#version();
    if (text === undefined || version === undefined) return { kind: "none" };
    return version === held ? { kind: "unchanged" } : { kind: "keys", version, text };
  }

  #keysOf(issuer: TrustedIssuer): IssuerKeys<KeySetText> {
    if (this.#keys !== undefined && this.#nonce === issuer.nonce) return this.#keys;
    const { clock, fetchDocument, report, keep } = this.#deps;
    const { nonce } = issuer;
    if (this.#kept?.nonce !== nonce) this.#kept = undefined;
    const keys = new IssuerKeys<KeySetText>(issuer, {
      clock,
      report,
      load: createKeyTextLoader(fetchDocument, report),
      state: this.#kept?.state,
      save: async (state) => {
        // Of a fetch that a change of the issuer has overtaken nothing is kept.
        if (this.#keys !== keys) return;
        const before = this.#kept;
        const version = before?.state.copy === state.copy ? before?.version : undefined;
        this.#kept = { nonce, state, version: version ?? crypto.randomUUID() };
        await keep(this.#kept);
      },
    });
    this.#keys = keys;
    this.#nonce = nonce;
    return keys;
  }

  #version(): string | undefined {
    return this.#kept?.version;
  }
}
