import { afterEach, describe, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { answerOf, credentialFor, formOf, ID_TOKEN, TOKEN_EXCHANGE } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

interface Row {
  readonly what: string;
  readonly peer: string | undefined;
  readonly proxies?: readonly string[];
  readonly forwarded: string | undefined;
  readonly client: string | undefined;
}

const PROXY = "10.0.0.7";
const CLIENT = "203.0.113.9";
const SPOOFED = "198.51.100.66";

const ROWS: readonly Row[] = [
  { what: "no proxy and no header", peer: CLIENT, forwarded: undefined, client: CLIENT },
  { what: "a header from a stranger", peer: CLIENT, forwarded: SPOOFED, client: CLIENT },
  { what: "a header, where no proxy is trusted", peer: PROXY, proxies: [], forwarded: CLIENT, client: PROXY },
  {
    what: "a stranger who names a trusted proxy",
    peer: CLIENT,
    forwarded: `${SPOOFED}, ${PROXY}`,
    client: CLIENT,
  },
  { what: "a trusted proxy", peer: PROXY, forwarded: CLIENT, client: CLIENT },
  { what: "a trusted proxy without a header", peer: PROXY, forwarded: undefined, client: PROXY },
  { what: "a trusted proxy with an empty header", peer: PROXY, forwarded: "", client: PROXY },
  {
    what: "a client that sent the header first",
    peer: PROXY,
    forwarded: `${SPOOFED}, ${CLIENT}`,
    client: CLIENT,
  },
  {
    what: "a client that sent many first",
    peer: PROXY,
    forwarded: `${`${SPOOFED}, `.repeat(50)}${CLIENT}`,
    client: CLIENT,
  },
  {
    what: "a client that named a trusted proxy first",
    peer: PROXY,
    forwarded: `${PROXY}, ${CLIENT}`,
    client: CLIENT,
  },
  {
    what: "two trusted proxies in a row",
    peer: PROXY,
    forwarded: `${SPOOFED}, ${CLIENT}, 10.0.0.8`,
    client: CLIENT,
  },
  { what: "trusted proxies alone", peer: PROXY, forwarded: "10.0.0.8, 10.0.0.9", client: PROXY },
  { what: "no spaces", peer: PROXY, forwarded: `${SPOOFED},${CLIENT}`, client: CLIENT },
  {
    what: "a network of proxies that the peer is not in",
    peer: "10.0.1.7",
    forwarded: CLIENT,
    client: "10.0.1.7",
  },
  {
    what: "an IPv6 proxy and client",
    peer: "fd00::7",
    proxies: ["fd00::/8"],
    forwarded: "2001:db8::9",
    client: "2001:db8::9",
  },
  { what: "a peer that the runtime does not name", peer: undefined, forwarded: CLIENT, client: undefined },
];

describe("the client's address in the log and the audit record", () => {
  // attack 88
  it.each(ROWS)("with $what", async ({ peer, proxies = ["10.0.0.0/24"], forwarded, client }) => {
    berth = await startTestBerth({
      trustedProxies: proxies,
      ...(peer === undefined ? {} : { peerAddress: peer }),
    });
    const answer = await answerOf(
      await berth.app.request("/oauth2/token", {
        method: "POST",
        headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
        body: formOf({
          grant_type: TOKEN_EXCHANGE,
          subject_token: await berth.issuer.sign(),
          subject_token_type: ID_TOKEN,
          robot: "acme+builder",
        }),
      }),
    );
    expect(answer.status).toBe(200);
    expect(berth.log.at(-1)?.client_address).toBe(client);
    const [granted] = (await berth.ledger.readEvents(10)).filter(({ kind }) => kind === "exchange.granted");
    expect(granted?.clientAddress).toBe(client);
  });

  it.each(["x-real-ip", "forwarded", "true-client-ip", "cf-connecting-ip", "x-client-ip"])(
    "is never taken from %s",
    async (name) => {
      berth = await startTestBerth({ trustedProxies: [PROXY], peerAddress: PROXY });
      await berth.app.request("/healthz", {
        headers: { [name]: name === "forwarded" ? `for=${SPOOFED}` : SPOOFED },
      });
      expect(berth.log.at(-1)?.client_address).toBe(PROXY);
    },
  );

  it("decides nothing: any address may exchange", async () => {
    berth = await startTestBerth({ peerAddress: "0.0.0.0" });
    await expect(credentialFor(berth.app, await berth.issuer.sign())).resolves.toMatch(/^brc_/);
  });
});
