import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { ReplayPolicy } from "../../src/domain/identity/issuer.ts";
import { declare } from "../support/applied-declaration.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { startFakeIssuer } from "../support/fake-issuer.ts";
import { exchange } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const start = async (change: BerthChange = {}) => {
  berth = await startTestBerth(change);
};

/** "minted", or the reason of the refusal. */
async function outcome(token: string): Promise<unknown> {
  const answer = await exchange(berth.app, token);
  return answer.status === 200 ? "minted" : answer.body.reason;
}

describe("jti", () => {
  const malformed = { jti: "claim_malformed", once: "claim_malformed", reusable: "claim_malformed" };
  const used = { jti: "token_used", once: "token_used", reusable: "minted" };

  // attack 6
  it.each<{ what: string; jti: unknown; second: Readonly<Record<ReplayPolicy, string>> }>([
    {
      what: "absent",
      jti: undefined,
      second: { jti: "claim_malformed", once: "token_used", reusable: "minted" },
    },
    { what: "empty", jti: "", second: malformed },
    { what: "a number", jti: 7, second: malformed },
    { what: "null", jti: null, second: malformed },
    { what: "a list", jti: ["a"], second: malformed },
    { what: "an object", jti: { a: 1 }, second: malformed },
    { what: "of 10 KB", jti: "x".repeat(10_240), second: malformed },
    { what: "of 257 characters", jti: "x".repeat(257), second: malformed },
    { what: "with NUL", jti: "a\0b", second: malformed },
    { what: "with a newline", jti: "a\nb", second: malformed },
    { what: "of 256 characters", jti: "x".repeat(256), second: used },
    { what: "with colons and braces", jti: "a:b}{s:00}", second: used },
    { what: "of other letters", jti: "ключ-✓", second: used },
    { what: "like an object's member", jti: "__proto__", second: used },
  ])("that is $what", async ({ jti, second }) => {
    for (const policy of ["jti", "once", "reusable"] as const) {
      await start({ issuer: { replay: policy } });
      const token = await berth.issuer.sign({ jti });
      const first = second[policy] === "claim_malformed" ? "claim_malformed" : "minted";
      expect([policy, await outcome(token), await outcome(token)]).toEqual([policy, first, second[policy]]);
      await berth.close();
    }
  });

  it("names the token, whatever else stands in it", async () => {
    await start();
    expect(await outcome(await berth.issuer.sign({ jti: "job-1", run: "1" }))).toBe("minted");
    expect(await outcome(await berth.issuer.sign({ jti: "job-1", run: "2" }))).toBe("token_used");
    expect(await outcome(await berth.issuer.sign({ jti: "job-1 " }))).toBe("minted");
    expect(await outcome(await berth.issuer.sign({ jti: "JOB-1" }))).toBe("minted");
  });

  it("cannot name another token's hash", async () => {
    await start();
    const withoutId = await berth.issuer.sign({ jti: undefined });
    const hash = createHash("sha256")
      .update(withoutId.slice(0, withoutId.lastIndexOf(".")))
      .digest("hex");
    expect(await outcome(await berth.issuer.sign({ jti: hash }))).toBe("minted");
    expect(await outcome(await berth.issuer.sign({ jti: `h${hash}` }))).toBe("minted");
    expect(await outcome(withoutId)).toBe("minted");
  });

  // attack 3
  it("is each issuer's own", async () => {
    await start();
    const second = await startFakeIssuer({ now: () => berth.clock.now() });
    try {
      await declare(berth, { issuers: [{}, second.issuer()], rules: [{}, { issuer: second.url }] });
      for (const issuer of [berth.issuer, second]) {
        expect(await outcome(await issuer.sign({ jti: "job-1" }))).toBe("minted");
        expect(await outcome(await issuer.sign({ jti: "job-1" }))).toBe("token_used");
      }
    } finally {
      await second.close();
    }
  });
});
