/** The bare floor of an exchange: `node:http`, the same body read, one RS256 signature verified. Nothing is parsed or stored. */
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import { announce, readBody } from "./floor.ts";

const key = createPublicKey({ key: JSON.parse(process.env.BENCH_JWK ?? "{}"), format: "jwk" });

const server = createServer(async (request, response) => {
  const form = new URLSearchParams(await readBody(request));
  const token = form.get("subject_token") ?? "";
  const dot = token.lastIndexOf(".");
  const signature = Buffer.from(token.slice(dot + 1), "base64url");
  const valid = verify("sha256", Buffer.from(token.slice(0, dot)), key, signature);
  response.writeHead(valid ? 200 : 400, { "Content-Type": "application/json" });
  response.end('{"ok":true}');
});
announce(server);
