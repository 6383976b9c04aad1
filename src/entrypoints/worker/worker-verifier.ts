import type { ObjectBinding } from "../../adapters/durable-object/bindings.ts";
import type { IssuerKeysCalls } from "../../adapters/durable-object/issuer-keys-calls.ts";
import { InlineKeys } from "../../adapters/oidc/inline-keys.ts";
import { verifierWithKeys } from "../../adapters/oidc/jose-verification.ts";
import type { KeyEvent } from "../../adapters/oidc/key-event.ts";
import { RemoteIssuerKeys } from "../../adapters/oidc/remote-issuer-keys.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { SignatureVerifier } from "../../usecases/key-ports.ts";
import { UnavailableError } from "../../usecases/ports.ts";

/** Verifies in the isolate, under keys that the issuer's object fetches for all; a second old at the most. */
export function createWorkerVerifier(
  objects: ObjectBinding<IssuerKeysCalls>,
  report: (event: KeyEvent) => void,
): SignatureVerifier {
  return verifierWithKeys((issuer) =>
    issuer.keys.kind === "inline"
      ? new InlineKeys(issuer, issuer.keys, systemClock, report)
      : new RemoteIssuerKeys(
          issuer,
          async (asked, question) => {
            try {
              return await objects.getByName(asked.url).answer(asked, question);
            } catch {
              // What the runtime says of an object is no text of ours.
              throw new UnavailableError("the object of the issuer's keys does not answer");
            }
          },
          systemClock,
        ),
  );
}
