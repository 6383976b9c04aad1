import { createSignatureVerifier } from "../../src/adapters/oidc/jose-verifier.ts";
import type { KeyEvent } from "../../src/adapters/oidc/key-event.ts";
import { MAX_IDENTITY_TOKEN_BYTES, parseIdentityToken } from "../../src/domain/identity/identity-token.ts";
import type { TrustedIssuer } from "../../src/domain/identity/issuer.ts";
import { type CheckedHeader, checkTokenHeader } from "../../src/domain/identity/token-header-check.ts";
import type { SignatureVerdict } from "../../src/usecases/key-ports.ts";
import type { FakeIssuerOptions } from "./fake-issuer.ts";
import { issuerOfTest } from "./issuer-of-test.ts";

/** A verifier and the issuer that it trusts, by one clock that stands still until it is moved; for one test. */
export async function startVerifierWorld(options: FakeIssuerOptions = {}) {
  const time = { now: Date.now() };
  const now = () => Math.floor(time.now / 1000);
  const issuer = await issuerOfTest({ now: () => time.now, ...options });
  const events: KeyEvent[] = [];
  const clock = { now: () => time.now, waitUntil: async () => undefined };
  const verifier = createSignatureVerifier({ clock, report: (event) => events.push(event) });

  /** @param change Of the header as it was checked, against the one that stands in the token. */
  const verify = (
    compact: string,
    trusted: TrustedIssuer = issuer.issuer(),
    change: Partial<CheckedHeader> = {},
  ): Promise<SignatureVerdict> => {
    const token = parseIdentityToken(compact, MAX_IDENTITY_TOKEN_BYTES);
    if (!token.ok) throw new Error(token.error.detail);
    const header = checkTokenHeader(token.value.header, trusted);
    if (!header.ok) throw new Error(header.error.reason);
    return verifier.verify(token.value, { ...header.value, ...change }, trusted, now());
  };
  const advance = (seconds: number) => {
    time.now += seconds * 1000;
  };
  return { issuer, events, verify, advance, now };
}
