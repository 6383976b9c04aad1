/** What a CI platform gave its job to show who it is. */
export interface JobIdentity {
  /** The identity token: a secret, while it lives. */
  readonly token: string;
  /** Name of the platform; that of its issuer family where there is one. */
  readonly platform: string;
  /** Whether asking again may give another token. */
  readonly renewable: boolean;
}
