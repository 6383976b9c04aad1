import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { KeyAnswer, KeyQuestion } from "../oidc/remote-issuer-keys.ts";

/** What an issuer's object answers. */
export interface IssuerKeysCalls {
  answer(issuer: TrustedIssuer, question: KeyQuestion): Promise<KeyAnswer>;
}
