/** A CI platform's interface on loopback, and the environment that a job on it has. */
export interface SimulatedPlatform {
  readonly variables: Readonly<Record<string, string>>;
  /** Paths that the platform has at a fixed place on the machine, and where they are in this test. */
  readonly paths?: Readonly<Record<string, string>>;
  /** What was asked of it so far. */
  readonly requests: readonly AskedRequest[];
  close(): Promise<void>;
}

export interface AskedRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Signs a real identity token for an audience, as the platform's issuer would. */
export type SignToken = (audience: string) => Promise<string>;
