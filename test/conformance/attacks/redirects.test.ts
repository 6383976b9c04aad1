import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { guardedGet } from "../../support/guarded-get.ts";
import { issuerOfTest } from "../../support/issuer-of-test.ts";
import { createPrivateCertificates } from "../../support/private-certificates.ts";

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Answers `/keys` with a redirect, and counts who comes to any place to which it may lead. */
async function startRedirecting(status: number, to: (own: string, other: string) => string) {
  const { cert, key, caPem } = await createPrivateCertificates({ dns: ["localhost"], ip: ["127.0.0.1"] });
  const arrivals: string[] = [];
  const other = createHttpServer((request, response) => {
    arrivals.push(`other ${request.url}`);
    response.end('{"keys":[]}');
  });
  const otherUrl = `http://127.0.0.1:${await portOf(other)}`;
  let ownUrl = "";
  const own = createServer({ cert, key }, (request, response) => {
    arrivals.push(`own ${request.url}`);
    response.writeHead(request.url === "/keys" ? status : 200, { location: to(ownUrl, otherUrl) }).end("{}");
  });
  ownUrl = `https://127.0.0.1:${await portOf(own)}`;
  return { url: `${ownUrl}/keys`, caPem, arrivals };
}

const DESTINATIONS: Readonly<Record<string, (own: string, other: string) => string>> = {
  "the same host": (own) => `${own}/mended`,
  "a path": () => "/mended",
  "another host, over plain http": (_, other) => `${other}/keys`,
  "the same path": (own) => `${own}/keys`,
};

// attack 36
it.each(
  [300, 301, 302, 303, 307, 308].flatMap((status) =>
    Object.entries(DESTINATIONS).map(([place, to]) => ({ status, place, to })),
  ),
)("a $status to $place is not followed", async ({ status, to }) => {
  const { url, caPem, arrivals } = await startRedirecting(status, to);
  await expect(guardedGet(await issuerOfTest(), { url, reach: { caPem } })).rejects.toMatchObject({
    reason: "redirected",
  });
  expect(arrivals).toEqual(["own /keys"]);
});
