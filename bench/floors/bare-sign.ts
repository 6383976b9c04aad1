/** The bare floor of a registry token: `node:http`, one ES256 signature made. */
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { announce } from "./floor.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const input = Buffer.alloc(600, "a");

const server = createServer((_request, response) => {
  const signature = sign("sha256", input, privateKey);
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ token: signature.toString("base64url") }));
});
announce(server);
