import { expect, it } from "vitest";
import { anIssuer } from "../../../test/support/baseline.ts";
import { IssuerKeyPair } from "../../../test/support/issuer-key-pair.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { InlineKeys } from "./inline-keys.ts";
import type { KeyEvent } from "./key-event.ts";

function inlineKeys(jwks: string) {
  const clock = new TestClock();
  const events: KeyEvent[] = [];
  const inline = { kind: "inline", jwks, expiresAt: clock.seconds() + 60 } as const;
  const issuer = anIssuer({ algorithms: ["ES256"], keys: inline });
  return { clock, events, keys: new InlineKeys(issuer, inline, clock, (event) => void events.push(event)) };
}

it("gives the keys until their end, and no newer ones", async () => {
  const jwks = JSON.stringify({ keys: [new IssuerKeyPair("key-1", "ES256").publicJwk()] });
  const { keys, clock } = inlineKeys(jwks);
  const first = await keys.current();
  expect(first?.size).toBe(1);
  clock.advance(59_000);
  await expect(keys.current()).resolves.toBe(first);
  await expect(keys.newerThan()).resolves.toBeUndefined();
  clock.advance(1000);
  await expect(keys.current()).resolves.toBeUndefined();
});

it("gives none of a set without a usable key, and tells why", async () => {
  const { keys, events } = inlineKeys('{"keys":[]}');
  await expect(keys.current()).resolves.toBeUndefined();
  expect(events).toMatchObject([{ kind: "key_fetch_failed", reason: "no_usable_keys" }]);
});
