import { createPublicKey } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../demo/free-port.ts";
import type { BenchRequest } from "../load.ts";
import { ISSUER, identityToken, type SigningKey, SUBJECT } from "../traffic.ts";
import type { Peer, PeerSetting } from "./peer.ts";
import { startPeer } from "./process.ts";

const AUDIENCE = "https://openbao.bench.example";
const ACTIVE_MS = 20_000;

/** OpenBao's JWT login: one role that asks for what Berth's rule asks for. */
export async function startOpenBao(program: string, setting: PeerSetting): Promise<Peer> {
  const folder = join(setting.folder, "openbao");
  mkdirSync(join(folder, "raft"), { recursive: true });
  const [port, cluster] = [await freePort(), await freePort()];
  const settings = readFileSync(new URL("openbao.hcl", import.meta.url), "utf8")
    .replaceAll("FOLDER", folder)
    .replaceAll("PORT", `${port}`)
    .replaceAll("CLUSTER", `${cluster}`);
  writeFileSync(join(folder, "openbao.hcl"), settings);
  const child = await startPeer(program, ["server", `-config=${join(folder, "openbao.hcl")}`], folder, port);
  setting.onClose(child.stop);
  const origin = `http://127.0.0.1:${port}`;
  await prepare(origin, setting.key.publicJwk);
  return {
    name: "OpenBao",
    work: "verifies, checks bound claims, writes a token with its lease and an audit line; no single use",
    origin,
    cpuMs: () => ({ server: child.cpuMs(), store: 0 }),
    requests: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => login(await identityToken(setting.key, AUDIENCE))),
      ),
  };
}

function login(jwt: string): BenchRequest {
  return {
    method: "POST",
    path: "/v1/auth/jwt/login",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ role: "builder", jwt }),
  };
}

async function prepare(origin: string, publicJwk: SigningKey["publicJwk"]): Promise<void> {
  const first = await call(origin, "sys/init", { secret_shares: 1, secret_threshold: 1 });
  const { keys, root_token: token } = (await first.json()) as { keys: string[]; root_token: string };
  await call(origin, "sys/unseal", { key: keys[0] });
  await untilActive(origin);
  const pem = createPublicKey({ key: publicJwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  await call(origin, "sys/auth/jwt", { type: "jwt" }, token);
  await call(origin, "auth/jwt/config", { jwt_validation_pubkeys: [pem], bound_issuer: ISSUER }, token);
  const role = {
    role_type: "jwt",
    user_claim: "sub",
    bound_audiences: [AUDIENCE],
    bound_subject: SUBJECT,
    bound_claims: { repository_id: "4711" },
    token_ttl: "1h",
    token_type: "service",
  };
  await call(origin, "auth/jwt/role/builder", role, token);
}

async function call(origin: string, path: string, body: object, token = ""): Promise<Response> {
  const headers = token === "" ? {} : { "x-vault-token": token };
  const answer = await fetch(`${origin}/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`OpenBao, ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function untilActive(origin: string): Promise<void> {
  const deadline = Date.now() + ACTIVE_MS;
  while ((await fetch(`${origin}/v1/sys/health`)).status !== 200) {
    if (Date.now() > deadline) throw new Error("OpenBao did not become active");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
