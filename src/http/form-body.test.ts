import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { Result } from "../domain/result.ts";
import { type FormProblem, readForm, repeatedParameter } from "./form-body.ts";

const FORM = "application/x-www-form-urlencoded";
const MAX_BYTES = 64 * 1024;

/** undici wants `duplex` with a body of unknown length; the DOM's type of it has none. */
type Sent = RequestInit & { readonly duplex?: "half" };

async function read(init: Sent): Promise<Result<URLSearchParams, FormProblem>> {
  let form: Result<URLSearchParams, FormProblem> | undefined;
  const app = new Hono().post("/", async (c) => {
    form = await readForm(c);
    return c.body(null);
  });
  await app.request("/", { method: "POST", ...init });
  if (!form) throw new Error("the form was not read");
  return form;
}

/** As a client sends it that does not know its length. Counts the chunks that were taken. */
function chunked(chunks: readonly Uint8Array[]): { body: ReadableStream<Uint8Array>; taken: () => number } {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = chunks[taken];
        if (chunk === undefined) return controller.close();
        taken += 1;
        controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => taken };
}

async function readChunked(chunks: readonly Uint8Array[]) {
  const { body, taken } = chunked(chunks);
  const init = { body, duplex: "half" as const, headers: { "content-type": FORM } };
  return { form: await read(init), taken: taken() };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const values = (form: Result<URLSearchParams, FormProblem>) => (form.ok ? [...form.value] : form.error);

describe("reads", () => {
  it("fields in their order, repeated ones too", async () => {
    const form = await read({ body: "a=1&b=2%2B2&a=3+3", headers: { "content-type": FORM } });
    expect(values(form)).toEqual([
      ["a", "1"],
      ["b", "2+2"],
      ["a", "3 3"],
    ]);
  });

  it.each([`${FORM}; charset=UTF-8`, "Application/X-WWW-Form-URLEncoded ;x=y"])("%s", async (contentType) => {
    expect(values(await read({ body: "a=1", headers: { "content-type": contentType } }))).toEqual([
      ["a", "1"],
    ]);
  });

  it("no body as no fields", async () => {
    expect(values(await read({ headers: { "content-type": FORM } }))).toEqual([]);
  });

  it("a body of unknown length, a character cut in two", async () => {
    const text = bytes("a=é");
    const { form } = await readChunked([text.slice(0, 3), text.slice(3)]);
    expect(values(form)).toEqual([["a", "é"]]);
  });

  it("a last character that is cut off, as no character", async () => {
    const { form } = await readChunked([bytes("a=é").slice(0, 3)]);
    expect(values(form)).toEqual([["a", "\ufffd"]]);
  });

  it("up to 64 KiB, however it comes", async () => {
    const body = `a=${"x".repeat(MAX_BYTES - 2)}`;
    const headers = { "content-type": FORM, "content-length": String(body.length) };
    expect(await read({ body, headers })).toMatchObject({ ok: true });
    expect(await readChunked([bytes(body)])).toMatchObject({ form: { ok: true } });
  });
});

describe("refuses", () => {
  // attack 23
  it.each([undefined, "application/json", "multipart/form-data; boundary=x", "text/plain", ""])(
    "the content type %s",
    async (contentType) => {
      const headers = contentType === undefined ? {} : { "content-type": contentType };
      expect(await read({ body: bytes("a=1"), headers })).toEqual({
        ok: false,
        error: "unsupported_media_type",
      });
    },
  );

  it("a length over 64 KiB, before a byte is read", async () => {
    const { body, taken } = chunked([bytes("a=1")]);
    const headers = { "content-type": FORM, "content-length": String(MAX_BYTES + 1) };
    const init = { body, duplex: "half" as const, headers };
    expect(await read(init)).toEqual({ ok: false, error: "too_large" });
    expect(taken()).toBe(0);
  });

  it("a body without a length, at the chunk that is over 64 KiB", async () => {
    const chunk = new Uint8Array(MAX_BYTES / 2).fill(0x61);
    const { form, taken } = await readChunked([chunk, chunk, chunk.slice(0, 1), chunk, chunk, chunk]);
    expect(form).toEqual({ ok: false, error: "too_large" });
    expect(taken).toBe(3);
  });
});

describe("repeatedParameter", () => {
  const names = ["robot", "scope"];
  it.each([
    ["robot=a&scope=b", undefined],
    ["robot=a&scope=b&scope=b", "scope"],
    ["scope=&scope=&robot=a&robot=b", "robot"],
    ["other=1&other=2", undefined],
    ["", undefined],
  ])("%s: %s", (form, expected) => {
    expect(repeatedParameter(new URLSearchParams(form), names)).toBe(expected);
  });
});
