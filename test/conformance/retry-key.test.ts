import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { declare } from "../support/applied-declaration.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { credentialFor, exchange, type FormChange, registryToken } from "../support/requests.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
});
afterEach(() => berth.close());

/** "minted", or the reason of the refusal. */
async function outcome(token: string, form: FormChange = {}): Promise<unknown> {
  const answer = await exchange(berth.app, token, form);
  return answer.status === 200 ? "minted" : answer.body.reason;
}

describe("retry_key, for an answer that got lost", () => {
  const retry_key = "0123456789abcdefghijkl";
  const state = async (password: string) => {
    const { status } = await registryToken(berth.app, { password });
    return status === 200 ? "alive" : berth.log.at(-1)?.reason;
  };

  // attack 9
  it("gives the same identity token a successor, and the first is dead", async () => {
    const token = await berth.issuer.sign();
    const first = await credentialFor(berth.app, token, { retry_key });
    const second = await credentialFor(berth.app, token, { retry_key });
    expect([await state(first), await state(second)]).toEqual(["credential_revoked", "alive"]);
    const third = await credentialFor(berth.app, token, { retry_key });
    expect([await state(second), await state(third)]).toEqual(["credential_revoked", "alive"]);
  });

  // attack 9
  it.each<{ what: string; first: FormChange; again: FormChange }>([
    { what: "another key", first: { retry_key }, again: { retry_key: `${retry_key}x` } },
    { what: "no key", first: { retry_key }, again: {} },
    { what: "a key, where the first had none", first: {}, again: { retry_key } },
    { what: "a key in capitals", first: { retry_key }, again: { retry_key: retry_key.toUpperCase() } },
  ])("is a replay with $what, which leaves the first alive", async ({ first, again }) => {
    const token = await berth.issuer.sign();
    const credential = await credentialFor(berth.app, token, first);
    expect(await outcome(token, again)).toBe("token_used");
    expect(await state(credential)).toBe("alive");
  });

  it.each([retry_key.slice(1), "x".repeat(257), `${retry_key} x`, `${retry_key}\0`, `${retry_key}é`])(
    "is malformed as %j",
    async (key) => {
      const answer = await exchange(berth.app, await berth.issuer.sign(), { retry_key: key });
      expect([answer.status, answer.body.error, answer.body.reason]).toEqual([
        400,
        "invalid_request",
        "request_malformed",
      ]);
    },
  );

  it("does not outlive the token, nor the rule", async () => {
    const token = await berth.issuer.sign();
    await credentialFor(berth.app, token, { retry_key });
    await declare(berth, { rules: [] });
    expect(await outcome(token, { retry_key })).toBe("no_match");
    await declare(berth);
    for (const clock of [berth.clock, berth.storeClock]) clock.advance(331_000);
    expect(await outcome(token, { retry_key })).toBe("token_expired");
  });

  it("leaves one alive of 20 requests at once", async () => {
    const token = await berth.issuer.sign();
    const credentials = await Promise.all(
      Array.from({ length: 20 }, () => credentialFor(berth.app, token, { retry_key })),
    );
    const states: unknown[] = [];
    for (const credential of credentials) states.push(await state(credential));
    expect(states.filter((one) => one === "alive")).toHaveLength(1);
  });
});
