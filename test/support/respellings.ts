/** The order of the curve P-256 (FIPS 186-4, D.1.2.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Other texts of one ES256 token: many verifiers take them for the same token, and a hash of the text does not. */
export const RESPELLINGS: Readonly<Record<string, (token: string) => string>> = {
  "with a spare bit of the signature set": (token) =>
    token.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(token.slice(-1)) + 1),
  "with padding": (token) => `${token}==`,
  "with a newline at its end": (token) => `${token}\n`,
  "with a space in the signature": (token) => `${token.slice(0, -4)} ${token.slice(-4)}`,
  "with padding in the payload": (token) => token.replace(/\.(?=[^.]*$)/, "=."),
  "with the signature's twin (r, n − s)": twin,
};

function twin(token: string): string {
  const [header, payload, signature = ""] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const s = BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const mirrored = (P256_ORDER - s).toString(16).padStart(64, "0");
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(mirrored, "hex")]);
  return `${header}.${payload}.${other.toString("base64url")}`;
}
