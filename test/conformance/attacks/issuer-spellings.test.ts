import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { exchange } from "../../support/requests.ts";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth();
});
afterAll(() => berth.close());

const host = (url: string) => new URL(url).host;

/** What is not the issuer's URL, byte for byte, though some program takes it for that. */
const OTHERS: Readonly<Record<string, (url: string) => unknown>> = {
  "a list of it": (url) => [url],
  "a list of it and another": (url) => [url, "https://evil.example.com"],
  "an object": (url) => ({ 0: url }),
  "a beginning of it": (url) => url.slice(0, -1),
  "the scheme alone": () => "https://",
  nothing: () => "",
  "more behind it": (url) => `${url}.evil.example.com`,
  "its name behind another": (url) => `https://evil.example.com/${url}`,
  "a slash behind it": (url) => `${url}/`,
  "a dot behind the host": (url) => url.replace(/:(\d+)$/, ".:$1"),
  "capitals in the scheme": (url) => url.replace("https", "HTTPS"),
  "plain http": (url) => url.replace("https", "http"),
  "a user name": (url) => `https://user@${host(url)}`,
  "a query": (url) => `${url}?`,
  "a fragment": (url) => `${url}#`,
  "a percent sequence": (url) => url.replace("127", "%3127"),
  "another spelling of the address": (url) => url.replace("127.0.0.1", "127.1"),
  "a space before it": (url) => ` ${url}`,
  "NUL behind it": (url) => `${url}\0`,
};

// attack 41, 42
it.each(Object.entries(OTHERS))("an iss that is %s mints nothing", async (_, iss) => {
  const answer = await exchange(berth.app, await berth.issuer.sign({ iss: iss(berth.issuer.url) }));
  expect([answer.status, answer.body.reason]).toEqual([400, "issuer_unknown"]);
  expect(await berth.minted()).toBe(0);
  expect(berth.issuer.connections).toBe(0);
});
