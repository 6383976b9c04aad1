import { onTestFinished } from "vitest";
import { type FakeIssuer, type FakeIssuerOptions, startFakeIssuer } from "./fake-issuer.ts";

/** A fake issuer that is closed when the running test ends. */
export async function issuerOfTest(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
  const issuer = await startFakeIssuer(options);
  onTestFinished(() => issuer.close());
  return issuer;
}
