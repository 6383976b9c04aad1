import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  isJsonObject,
  JsonNumber,
  type JsonValue,
  parseStrictJson,
  parseStrictJsonBytes,
} from "./strict-json.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** What JSON.parse would have made of the same text. */
function plain(value: JsonValue | undefined): unknown {
  if (value instanceof JsonNumber) return Number(value.digits);
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return Array.isArray(value) ? value.map((item: JsonValue) => plain(item)) : value;
}

describe("parseStrictJson", () => {
  it.each<{ text: string; value: JsonValue }>([
    { text: "true", value: true },
    { text: "false", value: false },
    { text: "null", value: null },
    { text: '""', value: "" },
    { text: '"a"', value: "a" },
    { text: '"\\"\\\\\\/\\b\\f\\n\\r\\t"', value: '"\\/\b\f\n\r\t' },
    { text: '"\\u00e9\\uD83d\\uDE00"', value: "é😀" },
    { text: '"\\u0000"', value: "\0" },
    { text: "[]", value: [] },
    { text: "{}", value: new Map() },
    { text: '["a", [true], {}]', value: ["a", [true], new Map()] },
    { text: '{"a":"b","":null}', value: new Map([["a", "b"] as const, ["", null] as const]) },
    { text: ' \t\r\n{ "a" : [ "b" , "c" ] } \t\r\n', value: new Map([["a", ["b", "c"]]]) },
    {
      text: '{ "a" : null ,\n "b" : null }',
      value: new Map([
        ["a", null],
        ["b", null],
      ]),
    },
    { text: "[ ]", value: [] },
    { text: "{ }", value: new Map() },
  ])("reads $text", ({ text, value }) => {
    expect(parseStrictJson(text)).toEqual(value);
  });

  it.each(["0", "-0", "7", "9007199254740993", "-1.50", "1e2", "1E+2", "0.1e-7", "1".repeat(400)])(
    "keeps the digits of %s",
    (digits) => {
      expect(parseStrictJson(digits)).toEqual(new JsonNumber(digits));
    },
  );

  it.each([
    { fault: "nothing", text: "" },
    { fault: "white space alone", text: " " },
    { fault: "a second value", text: "true false" },
    { fault: "a stray bracket", text: "[]]" },
    { fault: "a word cut short", text: "tru" },
    { fault: "a word in capitals", text: "True" },
    { fault: "a misspelt word", text: "nill" },
    { fault: "another misspelt word", text: "falsy" },
    { fault: "a word that stands further on", text: "[tabc,true]" },
    { fault: "undefined", text: "undefined" },
    { fault: "NaN", text: "NaN" },
    { fault: "a leading zero", text: "01" },
    { fault: "a plus sign", text: "+1" },
    { fault: "a bare minus", text: "-" },
    { fault: "a bare fraction", text: ".5" },
    { fault: "no digits after the point", text: "1." },
    { fault: "no digits in the exponent", text: "1e" },
    { fault: "hexadecimal", text: "0x10" },
    { fault: "single quotes", text: "'a'" },
    { fault: "a string without an end", text: '"a' },
    { fault: "an unknown escape", text: '"\\x41"' },
    { fault: "a short unicode escape", text: '"\\u123"' },
    { fault: "a lone backslash at the end", text: '"\\"' },
    { fault: "a raw line feed in a string", text: '"a\nb"' },
    { fault: "a raw NUL in a string", text: '"\0"' },
    { fault: "the last control character, raw", text: '"\u001f"' },
    { fault: "a raw line feed beside an escape", text: '"\\t\n"' },
    { fault: "a lone surrogate, raw", text: '"\ud800"' },
    { fault: "a lone surrogate, escaped", text: '"\\ud800"' },
    { fault: "surrogates in the wrong order", text: '"\\ude00\\ud83d"' },
    { fault: "a lone surrogate in a key", text: '{"\\ud800":1}' },
    { fault: "a comma after the last item", text: "[1,]" },
    { fault: "a comma before the first item", text: "[,1]" },
    { fault: "no comma between items", text: "[1 2]" },
    { fault: "an array without an end", text: "[1" },
    { fault: "an array closed as an object", text: "[1}" },
    { fault: "a comma after the last member", text: '{"a":1,}' },
    { fault: "no colon", text: '{"a" 1}' },
    { fault: "no value", text: '{"a":}' },
    { fault: "a key without quotes", text: "{a:1}" },
    { fault: "a number as key", text: "{1:1}" },
    { fault: "an object without an end", text: '{"a":1' },
    { fault: "an object closed as an array", text: '{"a":1]' },
    { fault: "a comment", text: "/**/1" },
    { fault: "a byte order mark", text: "\ufeff1" },
    { fault: "a space that JSON does not know", text: "\u00a01" },
    { fault: "a vertical tab", text: "\u000b1" },
    { fault: "two equal keys", text: '{"sub":"a","sub":"b"}' },
    { fault: "two equal keys with equal values", text: '{"sub":"a","sub":"a"}' },
    { fault: "two equal keys, one spelt in escapes", text: '{"sub":"a","\\u0073ub":"b"}' },
    { fault: "two equal keys further in", text: '{"a":[{"b":{"c":1,"c":2}}]}' },
  ])("refuses $fault", ({ text }) => {
    expect(parseStrictJson(text)).toBeUndefined();
  });

  it("accepts the first character that is no control character", () => {
    expect(parseStrictJson('" \u007f"')).toBe(" \u007f");
  });

  // attack 22
  it.each([
    { shape: "arrays", open: "[", close: "]" },
    { shape: "objects", open: '{"a":', close: "}" },
  ])("reads $shape 16 deep and no deeper", ({ open, close }) => {
    const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(parseStrictJson(nested(16))).toBeDefined();
    expect(parseStrictJson(nested(17))).toBeUndefined();
    expect(parseStrictJson(nested(100_000))).toBeUndefined();
  });

  // attack 22
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("keeps %s a plain key", (key) => {
    const value = parseStrictJson(`{"${key}":{"repository":"x"}}`);
    expect(value).toEqual(new Map([[key, new Map([["repository", "x"]])]]));
    const empty = parseStrictJson("{}");
    expect(isJsonObject(empty) && empty.has(key)).toBe(false);
    expect(({} as { repository?: string }).repository).toBeUndefined();
  });

  it("agrees with JSON.parse on all that JSON.stringify writes", () => {
    // "binary" strings hold no lone surrogate: those have no UTF-8, and rows above.
    return fc.assert(
      fc.property(fc.json({ maxDepth: 4, stringUnit: "binary" }), (text) => {
        expect(plain(parseStrictJson(text))).toEqual(JSON.parse(text));
      }),
      { examples: [['{"__proto__":{"a":[0,-1.5e-7,"\\u2028"]}}']] },
    );
  });

  it("says of any text what JSON.parse says, or refuses", () => {
    const nearJson = fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ue019-+. \ntrnlas'), maxLength: 12 });
    return fc.assert(
      fc.property(fc.oneof(nearJson, fc.string({ unit: "binary" })), (text) => {
        const value = parseStrictJson(text);
        if (value !== undefined) expect(plain(value)).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  // attack 22
  it("refuses two equal keys at any depth", () => {
    const key = fc.string({ unit: "grapheme" });
    const step = fc.constantFrom<[string, string]>(
      ["[", "]"],
      ["[0,", "]"],
      ['{"k":', "}"],
      ['{"k":1,"l":', ',"m":2}'],
    );
    return fc.assert(
      fc.property(key, fc.jsonValue(), fc.array(step, { maxLength: 12 }), (name, value, path) => {
        const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        const within = (object: string) => path.reduce((text, [open, close]) => open + text + close, object);
        expect(parseStrictJson(within(`{${JSON.stringify(name)}:0}`))).toBeDefined();
        expect(parseStrictJson(within(`{${JSON.stringify(name)}:0,${member}}`))).toBeUndefined();
      }),
    );
  });

  it("keeps any number's digits", () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/);
    return fc.assert(
      fc.property(digits, (text) => {
        expect(parseStrictJson(`{"n":[${text}]}`)).toEqual(new Map([["n", [new JsonNumber(text)]]]));
      }),
    );
  });

  it("throws what is no verdict on the text", () => {
    vi.spyOn(String.prototype, "isWellFormed").mockImplementation(() => {
      throw new RangeError("out of stack");
    });
    expect(() => parseStrictJson('"a"')).toThrow(new RangeError("out of stack"));
  });
});

// attack 22
describe("parseStrictJsonBytes", () => {
  it("reads UTF-8", () => {
    expect(parseStrictJsonBytes(utf8('"é😀"'))).toBe("é😀");
  });

  it.each([
    { fault: "a byte order mark", bytes: [0xef, 0xbb, 0xbf, 0x31] },
    { fault: "a byte that begins nothing", bytes: [0x22, 0xff, 0x22] },
    { fault: "a sequence cut short", bytes: [0x22, 0xc3, 0x22] },
    { fault: "an overlong slash", bytes: [0x22, 0xc0, 0xaf, 0x22] },
    { fault: "a surrogate in UTF-8", bytes: [0x22, 0xed, 0xa0, 0x80, 0x22] },
    { fault: "UTF-16", bytes: [0x31, 0x00] },
    { fault: "text that is no JSON", bytes: [0x61] },
  ])("refuses $fault", ({ bytes }) => {
    expect(parseStrictJsonBytes(Uint8Array.from(bytes))).toBeUndefined();
  });

  it("throws what is no verdict on the bytes", () => {
    vi.spyOn(TextDecoder.prototype, "decode").mockImplementation(() => {
      throw new RangeError("out of memory");
    });
    expect(() => parseStrictJsonBytes(utf8("1"))).toThrow(new RangeError("out of memory"));
  });
});

describe("JsonNumber", () => {
  it.each([
    { digits: "0", integer: 0 },
    { digits: "1700000000", integer: 1_700_000_000 },
    { digits: "-1", integer: -1 },
    { digits: "9007199254740991", integer: Number.MAX_SAFE_INTEGER },
    { digits: "-9007199254740991", integer: Number.MIN_SAFE_INTEGER },
    { digits: "9007199254740992", integer: undefined },
    { digits: "9007199254740993", integer: undefined },
    { digits: "10000000000000000", integer: undefined },
    { digits: "1.0", integer: undefined },
    { digits: "1e3", integer: undefined },
    { digits: "1700000000\n", integer: undefined },
    { digits: "", integer: undefined },
  ])("$digits as an integer is $integer", ({ digits, integer }) => {
    expect(new JsonNumber(digits).toInteger()).toBe(integer);
  });
});

describe("isJsonObject", () => {
  it.each<{ value: JsonValue | undefined; is: boolean }>([
    { value: new Map(), is: true },
    { value: [], is: false },
    { value: null, is: false },
    { value: undefined, is: false },
    { value: "{}", is: false },
    { value: new JsonNumber("1"), is: false },
  ])("is $is for $value", ({ value, is }) => {
    expect(isJsonObject(value)).toBe(is);
  });
});
