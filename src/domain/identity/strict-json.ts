/**
 * One parse of untrusted JSON (RFC 8259): no duplicate keys, bounded depth, the digits of a number kept as they
 * stand, and nothing that looks like a prototype. `JSON.parse` keeps the last of two equal keys, so two parsers
 * could see two different subjects in one identity token.
 */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** A number by its digits: `9007199254740993` and `…992` stay two numbers. */
export class JsonNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }

  /** The number as a safe integer, or undefined when it is written in any other form. */
  toInteger(): number | undefined {
    if (!/^-?\d{1,16}$/.test(this.digits)) return undefined;
    const value = Number(this.digits);
    return Number.isSafeInteger(value) ? value : undefined;
  }
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

const MAX_DEPTH = 16;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
const PLAIN_STRING = /"[^"\\]*"/y;
const ESCAPED_STRING = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class SyntaxFault extends Error {}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#skipWhiteSpace();
    if (this.#at !== this.#text.length) throw new SyntaxFault();
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new SyntaxFault();
    this.#skipWhiteSpace();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return new JsonNumber(this.#match(NUMBER)[0]);
    }
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.#at += 1;
    if (this.#accept("}")) return members;
    do {
      this.#skipWhiteSpace();
      const key = this.#string();
      if (members.has(key) || !this.#accept(":")) throw new SyntaxFault();
      members.set(key, this.#value(depth + 1));
    } while (this.#accept(","));
    if (!this.#accept("}")) throw new SyntaxFault();
    return members;
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.#at += 1;
    if (this.#accept("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#accept(","));
    if (!this.#accept("]")) throw new SyntaxFault();
    return items;
  }

  #string(): string {
    PLAIN_STRING.lastIndex = this.#at;
    const plain = PLAIN_STRING.exec(this.#text);
    if (plain) {
      this.#at = PLAIN_STRING.lastIndex;
      return wellFormed(printable(plain[0].slice(1, -1)));
    }
    return wellFormed(JSON.parse(printable(this.#match(ESCAPED_STRING)[0])) as string);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw new SyntaxFault();
    this.#at += word.length;
    return value;
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw new SyntaxFault();
    this.#at = pattern.lastIndex;
    return found;
  }

  #accept(character: string): boolean {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipWhiteSpace(): void {
    WHITE_SPACE.lastIndex = this.#at;
    WHITE_SPACE.exec(this.#text);
    this.#at = WHITE_SPACE.lastIndex;
  }
}

/** RFC 8259 §7: control characters stand in a string only as escapes. */
function printable(raw: string): string {
  if (/[^ -\uffff]/.test(raw)) throw new SyntaxFault();
  return raw;
}

/** No lone surrogate: it has no UTF-8, so no two programs would agree on it. */
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new SyntaxFault();
  return text;
}

/** The one value that `text` is; undefined when it is anything but strict JSON. Never throws. */
export function parseStrictJson(text: string): JsonValue | undefined {
  try {
    return new Parser(text).document();
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined;
    throw fault;
  }
}

/** The same of UTF-8 bytes; a byte order mark or an invalid sequence is not JSON (RFC 8259 §8.1). */
export function parseStrictJsonBytes(bytes: Uint8Array<ArrayBuffer>): JsonValue | undefined {
  try {
    return parseStrictJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (fault) {
    if (fault instanceof TypeError) return undefined;
    throw fault;
  }
}
