import { expect, it } from "vitest";
import { webFetchDocument } from "./web-fetch.ts";

const PUBLIC = { privateNetwork: false };

it.each([
  ["http", "http://issuer.example.com/keys", PUBLIC],
  ["a user name", "https://user@issuer.example.com/keys", PUBLIC],
  ["a private network", "https://issuer.example.com/keys", { privateNetwork: true }],
  ["a CA of its own", "https://issuer.example.com/keys", { privateNetwork: false, caPem: "PEM" }],
])("never asks for a document over %s", async (_, url, reach) => {
  await expect(webFetchDocument(new URL(url), reach, new AbortController().signal)).rejects.toMatchObject({
    reason: "url_refused",
  });
});

it("tells a fetch that ran out of time from one that failed", async () => {
  const url = new URL("https://127.0.0.1:1/keys");
  await expect(webFetchDocument(url, PUBLIC, AbortSignal.abort())).rejects.toMatchObject({
    reason: "timed_out",
  });
  await expect(webFetchDocument(url, PUBLIC, new AbortController().signal)).rejects.toMatchObject({
    reason: "connection_failed",
  });
});
