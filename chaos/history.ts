/** What clients saw: each request with its begin, its end and its answer. Secrets are named by numbers alone. */

/**
 * `done`: granted, alive, acknowledged. `refused`: with a reason. `unavailable`: 503 with a time to come back. `lost`:
 * no answer came. `odd`: anything else, which no client should ever see.
 */
export type Answer = "done" | "refused" | "unavailable" | "lost" | "odd";

interface Call {
  /** Milliseconds since the run began, by a clock that no fault touches. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Which of the Berths was asked. */
  readonly berth: number;
  readonly answer: Answer;
  /** Of a refusal and of a 503, where the answer names one; the status of what is odd. */
  readonly reason: string;
}

export interface Exchange extends Call {
  readonly kind: "exchange";
  readonly identityToken: number;
  /** Whether it was shown with the retry key of its identity token. */
  readonly withRetryKey: boolean;
  /** The credential that was handed out. */
  readonly secret?: number;
}

/** A request for a registry token: `done` is a secret that is alive, `refused` one that is dead. */
export interface Login extends Call {
  readonly kind: "login";
  readonly secret: number;
}

/** A request after whose acknowledgement all of `secrets` are dead. */
export interface Ending extends Call {
  readonly kind: "revocation" | "regeneration";
  readonly secrets: readonly number[];
}

/** An operator's list at the end: how many credentials of an identity token are alive, those nobody holds included. */
export interface Listing extends Call {
  readonly kind: "listing";
  readonly aliveOf: ReadonlyMap<number, number>;
}

export type Observation = Exchange | Login | Ending | Listing;
