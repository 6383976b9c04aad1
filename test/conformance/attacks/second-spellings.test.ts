import { describe, expect, it, onTestFinished } from "vitest";
import { startTestBerth } from "../../support/berth-app.ts";
import { IssuerKeyPair } from "../../support/issuer-key-pair.ts";
import { exchange } from "../../support/requests.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The order of Ed25519's base point (RFC 8032 §5.1). */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same bytes, spelt with a spare bit of the last digit set. */
function withSpareBit(text: string): string {
  return text.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(text.slice(-1)) + 1);
}

/** (R, S + L): a careless verifier takes it for (R, S) (RFC 8032 §5.1.7). */
function withOrderAdded(signature: string): string {
  const bytes = Buffer.from(signature, "base64url");
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex")}`) + ED25519_ORDER;
  const added = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([bytes.subarray(0, 32), added]).toString("base64url");
}

const SPELLINGS: Readonly<Record<string, (signature: string) => string>> = {
  "with a spare bit set": withSpareBit,
  "with padding": (signature) => `${signature}==`,
  "in base64": (signature) => signature.replaceAll("-", "+").replaceAll("_", "/").concat("+"),
  "with a line feed": (signature) => `${signature}\n`,
};

// attack 1, 21
describe.each(["RS256", "EdDSA"] as const)("a used token of %s", (algorithm) => {
  it.each(Object.entries(SPELLINGS))("is not another one %s", async (_, respell) => {
    const { berth, key } = await start(algorithm);
    const token = await berth.issuer.sign({}, {}, { key });
    const [header, payload, signature = ""] = token.split(".");
    expect((await exchange(berth.app, token)).status).toBe(200);
    const again = await exchange(berth.app, `${header}.${payload}.${respell(signature)}`);
    expect([again.status, again.body.reason, await berth.minted()]).toEqual([400, "token_malformed", 1]);
  });
});

// attack 15
it("an Ed25519 signature of (R, S + L) is none", async () => {
  const { berth, key } = await start("EdDSA");
  const token = await berth.issuer.sign({}, {}, { key });
  const [header, payload, signature = ""] = token.split(".");
  const answer = await exchange(berth.app, `${header}.${payload}.${withOrderAdded(signature)}`);
  expect([answer.status, answer.body.reason, await berth.minted()]).toEqual([400, "signature_invalid", 0]);
  expect((await exchange(berth.app, token)).status).toBe(200);
});

/** Berth, whose issuer publishes one more key. */
async function start(algorithm: "RS256" | "EdDSA") {
  const berth = await startTestBerth();
  onTestFinished(() => berth.close());
  const key = new IssuerKeyPair(`of-${algorithm}`, algorithm);
  berth.issuer.extraKeys = [key.publicJwk()];
  return { berth, key };
}
