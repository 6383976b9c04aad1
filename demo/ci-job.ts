import { X509Certificate } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from "jose";
import { ROBOT, SERVICE } from "./declaration.ts";

/** An answer of Berth: its status and its JSON. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** What a CI job sends to trade its identity token for a credential (RFC 8693). */
export function exchange(berth: string, identityToken: string): Promise<Answer> {
  return post(`${berth}/oauth2/token`, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: identityToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    robot: ROBOT,
  });
}

/** What `docker push` sends when the registry has challenged it. */
export async function requestRegistryToken(berth: string, credential: string): Promise<Answer> {
  const query = new URLSearchParams({ service: SERVICE, scope: "repository:acme/app:pull,push,delete" });
  const authorization = `Basic ${Buffer.from(`${ROBOT}:${credential}`).toString("base64")}`;
  return answer(await fetch(`${berth}/v2/auth?${query}`, { headers: { authorization } }));
}

export function revoke(berth: string, credential: string): Promise<Answer> {
  return post(`${berth}/oauth2/revoke`, { token: credential });
}

/** Verifies a registry token as a distribution registry does: the chain up to Berth's CA, issuer, audience, times. */
export async function verifyAsRegistry(berth: string, token: string) {
  const ca = new X509Certificate(await (await fetch(`${berth}/keys/ca.pem`)).text());
  const [leafDer = ""] = decodeProtectedHeader(token).x5c ?? [];
  const leaf = new X509Certificate(Buffer.from(leafDer, "base64"));
  if (!leaf.verify(ca.publicKey)) throw new Error("the leaf is not signed by Berth's CA");
  const key = await importX509(leaf.toString(), "ES256");
  const { payload } = await jwtVerify(token, key, { issuer: berth, audience: SERVICE });
  return { subject: payload.sub, access: payload.access, chain: `${leaf.subject} < ${ca.subject}` };
}

export function claimsOf(identityToken: string): Record<string, unknown> {
  return decodeJwt(identityToken);
}

async function post(url: string, form: Record<string, string>): Promise<Answer> {
  return answer(await fetch(url, { method: "POST", body: new URLSearchParams(form) }));
}

async function answer(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
