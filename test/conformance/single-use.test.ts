import { afterEach, describe, expect, it } from "vitest";
import { declare } from "../support/applied-declaration.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { IssuerKeyPair } from "../support/issuer-key-pair.ts";
import { exchange, type FormChange, quayExchange } from "../support/requests.ts";
import { RESPELLINGS } from "../support/respellings.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const start = async (change: BerthChange = {}) => {
  berth = await startTestBerth(change);
};

/** "minted", or the reason of the refusal. */
async function outcome(token: string, form: FormChange = {}): Promise<unknown> {
  const answer = await exchange(berth.app, token, form);
  return answer.status === 200 ? "minted" : answer.body.reason;
}

describe("an identity token that was used", () => {
  it("is refused ever after, whoever shows it and for whatever", async () => {
    await start();
    await declare(berth, { robots: [{}, { name: "acme+other" }] });
    const token = await berth.issuer.sign();
    expect(await outcome(token)).toBe("minted");
    expect(await outcome(token)).toBe("token_used");
    expect(await outcome(token, { robot: "acme+other" })).toBe("token_used");
    expect(await outcome(token, { scope: "repository:acme/app:pull" })).toBe("token_used");
    expect((await quayExchange(berth.app, "acme+builder", token)).body.reason).toBe("token_used");
    expect(await berth.minted()).toBe(1);
  });

  it("was it by Quay's way, too", async () => {
    await start();
    const token = await berth.issuer.sign();
    expect((await quayExchange(berth.app, "acme+builder", token)).status).toBe(200);
    expect(await outcome(token)).toBe("token_used");
  });

  // attack 5
  it("is refused until it has expired, clock tolerance included, and then for that", async () => {
    await start();
    const token = await berth.issuer.sign();
    expect(await outcome(token)).toBe("minted");
    const lifetime = 301;
    const moveTo = (seconds: number) => {
      for (const clock of [berth.clock, berth.storeClock]) clock.advance(seconds * 1000);
    };
    moveTo(lifetime);
    expect(await outcome(token)).toBe("token_used");
    moveTo(29);
    expect(await outcome(token)).toBe("token_used");
    moveTo(1);
    expect(await outcome(token)).toBe("token_expired");
  });

  it("is used under 50 requests at once by one of them", async () => {
    await start();
    const token = await berth.issuer.sign();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(token)));
    expect(Map.groupBy(outcomes, (one) => one).get("token_used")).toHaveLength(49);
    expect(await berth.minted()).toBe(1);
  });
});

// attack 7
describe("a refusal uses nothing up", () => {
  it.each<{ refusal: string; form: FormChange; reason: string }>([
    { refusal: "for another robot", form: { robot: "acme+other" }, reason: "no_match" },
    { refusal: "for a robot that is not there", form: { robot: "nowhere+builder" }, reason: "no_match" },
    {
      refusal: "for what is not granted",
      form: { scope: "repository:acme/x:pull" },
      reason: "scope_not_granted",
    },
    { refusal: "of a lifetime", form: { requested_ttl: "1" }, reason: "ttl_malformed" },
  ])("$refusal", async ({ form, reason }) => {
    await start();
    await declare(berth, { robots: [{}, { name: "acme+other", rules: [] }] });
    const token = await berth.issuer.sign();
    expect(await outcome(token, form)).toBe(reason);
    expect(await outcome(token)).toBe("minted");
  });

  it("by a rule that is mended after it", async () => {
    await start({ rule: { claims: { environment: ["production"] } } });
    const token = await berth.issuer.sign({ environment: "staging" });
    expect(await outcome(token)).toBe("no_match");
    await berth.put({ rule: { claims: { environment: ["staging"] } } });
    expect(await outcome(token)).toBe("minted");
  });

  it("of a forged token that carries another's jti", async () => {
    await start();
    const forger = new IssuerKeyPair("key-1", "ES256");
    const jti = "job-4711";
    expect(await outcome(await berth.issuer.sign({ jti }, {}, { key: forger }))).toBe("signature_invalid");
    expect(await outcome(await berth.issuer.sign({ jti }))).toBe("minted");
  });
});

const TWIN = "with the signature's twin (r, n − s)";

describe("another text of one identity token", () => {
  // attack 1, 2
  it.each(Object.entries(RESPELLINGS))("%s mints nothing more", async (name, respell) => {
    await start();
    const token = await berth.issuer.sign();
    expect(await outcome(token)).toBe("minted");
    expect(respell(token)).not.toBe(token);
    // The twin verifies, so it is the replay that is refused.
    expect(await outcome(respell(token))).toBe(name === TWIN ? "token_used" : "token_malformed");
    expect(await berth.minted()).toBe(1);
  });

  it.each(Object.entries(RESPELLINGS))(
    "%s mints once with the first, in the other order",
    async (name, respell) => {
      await start();
      const token = await berth.issuer.sign({ jti: undefined });
      expect(await outcome(respell(token))).toBe(name === TWIN ? "minted" : "token_malformed");
      expect(await outcome(token)).toBe(name === TWIN ? "token_used" : "minted");
      expect(await berth.minted()).toBe(1);
    },
  );
});
