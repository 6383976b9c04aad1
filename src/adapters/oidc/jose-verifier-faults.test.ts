import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { anIssuer } from "../../../test/support/baseline.ts";
import { issuerOfTest } from "../../../test/support/issuer-of-test.ts";
import { startVerifierWorld } from "../../../test/support/verifier-world.ts";
import { MAX_IDENTITY_TOKEN_BYTES, parseIdentityToken } from "../../domain/identity/identity-token.ts";
import { createSignatureVerifier } from "./jose-verifier.ts";

it.each([
  { kind: "of no code", code: undefined },
  { kind: "that has a code of jose's", code: "ERR_JWS_INVALID" },
])("a fault $kind, that is none of the token's, is thrown on and is no verdict", async ({ code }) => {
  const { issuer, verify } = await startVerifierWorld();
  const fault = Object.assign(new Error("broken"), { code });
  const broken = Object.defineProperty(issuer.issuer(), "audiences", {
    get: () => {
      throw fault;
    },
  });
  await expect(verify(await issuer.sign(), broken)).rejects.toBe(fault);
});

it("the keys of a public issuer are fetched through the egress proxy", async () => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    asked.push(request.url);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const verifier = createSignatureVerifier({
    clock: { now: () => Date.now(), waitUntil: async () => undefined },
    egressProxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    report: () => undefined,
  });
  const token = parseIdentityToken(await (await issuerOfTest()).sign(), MAX_IDENTITY_TOKEN_BYTES);
  if (!token.ok) throw new Error(token.error.detail);
  const header = { algorithm: "ES256", keyId: "key-1" } as const;
  const verdict = await verifier.verify(token.value, header, anIssuer(), Math.floor(Date.now() / 1000));
  expect([verdict, new Set(asked)]).toEqual(["keys_unavailable", new Set(["issuer.example.com:443"])]);
});
