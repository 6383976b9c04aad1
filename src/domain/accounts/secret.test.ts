import { inspect } from "node:util";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isExchanged,
  newApiTokenSecret,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  newRobotToken,
  parseSecret,
  Secret,
  type SecretClass,
} from "./secret.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_PART = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg";

/** Bytes 0, 1, 2, …, so that the digits come in order. */
const counting = (count: number) => Uint8Array.from({ length: count }, (_, at) => at);

/** mulberry32: the same bytes for the same seed. */
function seeded(seed: number): (count: number) => Uint8Array {
  let state = seed;
  const byte = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 24;
  };
  return (count) => Uint8Array.from({ length: count }, byte);
}

/** The checksum by another CRC-32. */
function withChecksum(body: string): string {
  let value = crc32(body);
  let digits = "";
  for (let count = 0; count < 6; count += 1) {
    digits = DIGITS.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return body + digits;
}

describe("a new secret", () => {
  // attack 78
  it.each([
    { what: "robot token", secret: newRobotToken(counting), kind: "robot-token", body: `brp_${RANDOM_PART}` },
    {
      what: "credential",
      secret: newCredentialSecret(7, counting),
      kind: "credential",
      body: `brc_07${RANDOM_PART}`,
    },
    {
      what: "credential of the last shard",
      secret: newCredentialSecret(63, counting),
      kind: "credential",
      body: `brc_63${RANDOM_PART}`,
    },
    { what: "API token", secret: newApiTokenSecret(counting), kind: "api-token", body: `bra_${RANDOM_PART}` },
    {
      what: "API token that an identity token earned",
      secret: newExchangedApiTokenSecret(7, counting),
      kind: "exchanged-api-token",
      body: `bra_07${RANDOM_PART}`,
    },
  ])("is a $what by prefix, digits and checksum", ({ secret, kind, body }) => {
    expect(secret.class).toBe(kind);
    expect(secret.expose()).toBe(withChecksum(body));
  });

  it("asks for more bytes until it has 43 digits, and throws away those of 248 and over", () => {
    const answers = [
      new Uint8Array(64).fill(248),
      new Uint8Array(64).fill(255),
      Uint8Array.of(247, 61, 62, 0),
    ];
    const random = (count: number) => answers.shift() ?? new Uint8Array(count).fill(1);
    // 247 = 3 · 62 + 61
    expect(newRobotToken(random).expose().slice(4, 47)).toBe(`zz00${"1".repeat(39)}`);
    expect(answers).toEqual([]);
  });

  it("has every digit about as often as any other, over 10,000 draws", () => {
    const random = seeded(20_260_731);
    const counts = new Map([...DIGITS].map((digit) => [digit, 0]));
    for (let draw = 0; draw < 10_000; draw += 1) {
      for (const digit of newRobotToken(random).expose().slice(4, 47))
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    // 430,000 digits, 6,935 each; without the discarded bytes the first eight would have 8,398.
    const expected = (10_000 * 43) / 62;
    const uneven = [...counts].filter(([, count]) => Math.abs(count - expected) > expected * 0.06);
    expect(uneven).toEqual([]);
    expect(counts.size).toBe(62);
  });

  it("differs from the last one", () => {
    const random = seeded(1);
    expect(newRobotToken(random).expose()).not.toBe(newRobotToken(random).expose());
  });
});

describe("a secret's text", () => {
  const secret = newCredentialSecret(7, counting);

  it.each([
    { way: "String()", text: String(secret) },
    { way: "a template", text: `${secret}` },
    { way: "JSON", text: JSON.stringify({ secret }) },
    { way: "inspect", text: inspect(secret, { showHidden: true, depth: 5 }) },
    { way: "its properties", text: JSON.stringify(Object.entries(secret)) },
    { way: "an error's message", text: new Error(`no: ${secret}`).message },
  ])("does not show in $way", ({ text }) => {
    expect(text).not.toContain(RANDOM_PART.slice(0, 8));
  });

  it("prints and serialises as its class", () => {
    expect([String(secret), JSON.stringify(secret)]).toEqual(["[credential]", '"[credential]"']);
  });
});

describe("parseSecret", () => {
  const PARSED: { kind: SecretClass; text: string }[] = [
    { kind: "robot-token", text: withChecksum(`brp_${RANDOM_PART}`) },
    { kind: "credential", text: withChecksum(`brc_07${RANDOM_PART}`) },
    { kind: "credential", text: withChecksum(`brc_00${RANDOM_PART}`) },
    { kind: "credential", text: withChecksum(`brc_59${RANDOM_PART}`) },
    { kind: "credential", text: withChecksum(`brc_63${RANDOM_PART}`) },
    { kind: "api-token", text: withChecksum(`bra_${RANDOM_PART}`) },
    // What would be a shard's digits in a longer one.
    { kind: "api-token", text: withChecksum(`bra_07${RANDOM_PART.slice(2)}`) },
    { kind: "exchanged-api-token", text: withChecksum(`bra_07${RANDOM_PART}`) },
    { kind: "exchanged-api-token", text: withChecksum(`bra_63${RANDOM_PART}`) },
  ];
  it.each(PARSED)("knows $text as $kind", ({ kind, text }) => {
    const secret = parseSecret(text);
    expect(secret?.class).toBe(kind);
    expect(secret?.expose()).toBe(text);
  });

  it.each([
    { fault: "nothing", text: "" },
    { fault: "a prefix alone", text: "brc_" },
    { fault: "an identity token", text: "eyJhbGciOiJFUzI1NiJ9.e30.c2ln" },
    { fault: "an unknown class", text: withChecksum(`brx_${RANDOM_PART}`) },
    { fault: "a prefix in capitals", text: withChecksum(`BRP_${RANDOM_PART}`) },
    { fault: "one digit less", text: withChecksum(`brp_${RANDOM_PART.slice(1)}`) },
    { fault: "one digit more", text: withChecksum(`brp_${RANDOM_PART}0`) },
    { fault: "a character that is no digit", text: withChecksum(`brp_${RANDOM_PART.slice(1)}-`) },
    { fault: "a line feed within", text: withChecksum(`brp_${RANDOM_PART}\n`) },
    { fault: "no checksum", text: `brp_${RANDOM_PART}` },
    { fault: "a checksum of zeros", text: `brp_${RANDOM_PART}000000` },
    { fault: "a space before", text: ` ${withChecksum(`brp_${RANDOM_PART}`)}` },
    { fault: "a line feed after", text: `${withChecksum(`brp_${RANDOM_PART}`)}\n` },
    { fault: "a credential without a shard", text: withChecksum(`brc_${RANDOM_PART}`) },
    { fault: "a credential of shard 64", text: withChecksum(`brc_64${RANDOM_PART}`) },
    { fault: "a credential of shard 70", text: withChecksum(`brc_70${RANDOM_PART}`) },
    { fault: "a credential of shard 0A", text: withChecksum(`brc_0A${RANDOM_PART}`) },
    { fault: "a robot token with a shard", text: withChecksum(`brp_07${RANDOM_PART}`) },
    { fault: "an API token of one digit more", text: withChecksum(`bra_${RANDOM_PART}0`) },
    { fault: "an API token of shard 64", text: withChecksum(`bra_64${RANDOM_PART}`) },
    { fault: "an API token of a shard and a digit more", text: withChecksum(`bra_07${RANDOM_PART}0`) },
  ])("refuses $fault", ({ text }) => {
    expect(parseSecret(text)).toBeUndefined();
  });

  const makers = [
    (seed: number) => newRobotToken(seeded(seed)),
    (seed: number) => newApiTokenSecret(seeded(seed)),
    ...[0, 7, 63].flatMap((shard) => [
      (seed: number) => newCredentialSecret(shard, seeded(seed)),
      (seed: number) => newExchangedApiTokenSecret(shard, seeded(seed)),
    ]),
  ];
  const anySecret = fc.tuple(fc.integer(), fc.constantFrom(...makers)).map(([seed, make]) => make(seed));

  it("knows every secret that was made", () => {
    return fc.assert(
      fc.property(anySecret, (secret) => {
        expect(parseSecret(secret.expose())).toEqual(secret);
        expect(parseSecret(secret.expose())?.expose()).toBe(secret.expose());
      }),
    );
  });

  // attack 78
  it("refuses a secret with any one character changed", () => {
    return fc.assert(
      fc.property(
        anySecret,
        fc.nat(),
        fc.constantFrom(...DIGITS, "_", "-", " "),
        (secret, place, character) => {
          const text = secret.expose();
          const at = place % text.length;
          fc.pre(text.charAt(at) !== character);
          expect(parseSecret(text.slice(0, at) + character + text.slice(at + 1))).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    { from: "brp_", to: "bra_", secret: newRobotToken(counting) },
    { from: "brp_", to: "brc_", secret: newRobotToken(counting) },
    { from: "brc_", to: "brp_", secret: newCredentialSecret(7, counting) },
    { from: "brc_07", to: "brp_", secret: newCredentialSecret(7, counting) },
    { from: "brc_", to: "bra_", secret: newCredentialSecret(7, counting) },
    { from: "bra_", to: "brc_", secret: newExchangedApiTokenSecret(7, counting) },
    { from: "bra_07", to: "bra_", secret: newExchangedApiTokenSecret(7, counting) },
    { from: "bra_", to: "bra_07", secret: newApiTokenSecret(counting) },
    { from: "bra_", to: "brp_", secret: newApiTokenSecret(counting) },
  ])("makes no $to of a $from", ({ from, to, secret }) => {
    expect(parseSecret(secret.expose().replace(from, to))).toBeUndefined();
  });
});

it("keeps a secret of each class apart by what it says it is", () => {
  expect(new Secret("api-token", "x").toString()).toBe("[api-token]");
});

it.each<{ kind: SecretClass; exchanged: boolean }>([
  { kind: "robot-token", exchanged: false },
  { kind: "api-token", exchanged: false },
  { kind: "credential", exchanged: true },
  { kind: "exchanged-api-token", exchanged: true },
])("knows whether an exchange gave a $kind: $exchanged", ({ kind, exchanged }) => {
  expect(isExchanged(new Secret(kind, "x"))).toBe(exchanged);
});
