import { beforeEach, expect, it } from "vitest";
import { anIssuer } from "../../../test/support/baseline.ts";
import { IssuerKeyPair } from "../../../test/support/issuer-key-pair.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import type { KeySet } from "./key-set.ts";
import { type KeyAnswer, type KeyQuestion, RemoteIssuerKeys } from "./remote-issuer-keys.ts";

const ISSUER = anIssuer({ algorithms: ["ES256"] });
const [FIRST, SECOND] = ["key-1", "key-2"].map((kid) =>
  JSON.stringify({ keys: [new IssuerKeyPair(kid, "ES256").publicJwk()] }),
);

const clock = new TestClock();
let questions: KeyQuestion[];
let answers: KeyAnswer[];
let keys: RemoteIssuerKeys;

beforeEach(() => {
  questions = [];
  answers = [];
  const ask = async (_: unknown, question: KeyQuestion) => {
    questions.push(question);
    return answers.shift() ?? ({ kind: "unchanged" } as const);
  };
  keys = new RemoteIssuerKeys(ISSUER, ask, clock);
});

const has = (set: KeySet | undefined, keyId: string) => set?.candidates({ algorithm: "ES256", keyId }).length;
const copy = (version: string, text = "") => ({ kind: "keys", version, text }) as const;

it("asks once a second, and names the copy that it holds", async () => {
  answers = [copy("7", FIRST)];
  expect(has(await keys.current(), "key-1")).toBe(1);
  clock.advance(999);
  await keys.current();
  expect(questions).toEqual([{ wantsNewer: false }]);
  clock.advance(1);
  expect(has(await keys.current(), "key-1")).toBe(1);
  expect(questions).toEqual([{ wantsNewer: false }, { wantsNewer: false, held: "7" }]);
});

it("takes another copy in place of its own, and drops its own when there is none", async () => {
  answers = [copy("7", FIRST), copy("8", SECOND), { kind: "none" }];
  const first = await keys.current();
  clock.advance(1000);
  const second = await keys.current();
  expect([has(first, "key-2"), has(second, "key-2")]).toEqual([0, 1]);
  clock.advance(1000);
  await expect(keys.current()).resolves.toBeUndefined();
});

it("asks for a newer copy than the one a token did not verify under", async () => {
  answers = [copy("7", FIRST), { kind: "unchanged" }, copy("8", SECOND)];
  const first = (await keys.current()) as KeySet;
  await expect(keys.newerThan(first)).resolves.toBeUndefined();
  clock.advance(999);
  await expect(keys.newerThan(first)).resolves.toBeUndefined();
  expect(questions).toHaveLength(2);
  clock.advance(1);
  expect(has(await keys.newerThan(first), "key-2")).toBe(1);
  expect(questions.slice(1)).toEqual([
    { wantsNewer: true, held: "7" },
    { wantsNewer: true, held: "7" },
  ]);
});

it("asks nobody for a newer copy that another request has brought", async () => {
  answers = [copy("7", FIRST), copy("8", SECOND)];
  const first = (await keys.current()) as KeySet;
  clock.advance(1000);
  const second = await keys.current();
  await expect(keys.newerThan(first)).resolves.toBe(second);
  expect(questions).toHaveLength(2);
});

it("fails when nobody answers, whatever it holds", async () => {
  const down = new RemoteIssuerKeys(ISSUER, () => Promise.reject(new UnavailableError("down")), clock);
  await expect(down.current()).rejects.toThrow(UnavailableError);
});
