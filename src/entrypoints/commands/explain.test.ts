import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aNamespace, anEvent, anIssuer, aRobot, aRule, PUBLIC_URL } from "../../../test/support/baseline.ts";
import { type FakeIssuer, startFakeIssuer } from "../../../test/support/fake-issuer.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import { explain } from "./explain.ts";

let folder: string;
let issuer: FakeIssuer;
let printed: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "berth-explain-"));
  issuer = await startFakeIssuer({ now: () => Date.now() });
  printed = [];
  for (const way of ["log", "error"] as const) {
    vi.spyOn(console, way).mockImplementation((line: unknown) => void printed.push(String(line)));
  }
  await fillStore();
});
afterEach(async () => {
  await issuer.close();
  rmSync(folder, { recursive: true });
});

const environment = () => ({
  BERTH_PUBLIC_URL: PUBLIC_URL,
  BERTH_DATA_DIR: folder,
  BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
});

async function fillStore(): Promise<void> {
  const { directory, ledger, close } = await openStores(readSettings(environment()), systemClock);
  const event = anEvent(1, { kind: "directory.changed" });
  await directory.commitSystem({
    fromRevision: 0,
    putIssuers: [anIssuer({ url: issuer.url })],
    removeIssuers: [],
    putRegistries: [],
    removeRegistries: [],
    event,
  });
  const rules = [
    aRule({ id: "staging", issuer: issuer.url, claims: { environment: ["staging"] } }),
    aRule({ issuer: issuer.url }),
  ];
  await directory.commitNamespace({
    name: "acme",
    fromRevision: 0,
    namespace: aNamespace(),
    putRobots: [aRobot({ rules }), aRobot({ name: "acme+idle", uid: "idle", enabled: false, rules: [] })],
    removeRobots: [],
    event,
  });
  const refused = anEvent(1000, {
    kind: "exchange.refused",
    requestId: "abc",
    reason: "no_match",
    detail: "x",
  });
  await ledger.record([{ ...refused, issuer: issuer.url, subject: "repo:acme/\u001b[2J" }]);
  close();
}

function fileWith(text: string): string {
  const file = join(folder, "input");
  writeFileSync(file, text);
  return file;
}

function run(values: Readonly<Record<string, unknown>>, robot = "acme+builder"): Promise<number> {
  return explain.run({ values, positionals: [robot], environment: environment() });
}

describe("berth explain", () => {
  it("takes the signature off a token, tells each condition, and ends with 0 when a rule matches", async () => {
    const token = await issuer.sign({ environment: "production" });
    expect(await run({ "token-file": fileWith(`${token}\n`) })).toBe(0);
    const text = printed.join("\n");
    expect(text).toContain(`rule 1 (staging, "release builds"): does not match`);
    expect(text).toContain(`FAILS   claim environment: wants "staging"; the token says "production"`);
    expect(text).toContain(`rule 2 (rule-1, "release builds"): matches`);
    expect(printed.at(-1)?.split("\n").at(-1)).toBe("acme+builder: rule rule-1 decides");
    for (const part of token.split(".")) expect(text).not.toContain(part);
  });

  it("ends with 1 when none does, in JSON as well", async () => {
    const token = await issuer.sign({ sub: "x" });
    expect(await run({ "token-file": fileWith(token), json: true })).toBe(1);
    const answer = JSON.parse(printed.join("\n"));
    expect(answer).toMatchObject({ robot: "acme+builder", outcome: "failed" });
    expect(answer.rules.map(({ first_failure }: { first_failure: string }) => first_failure)).toEqual([
      "subject",
      "subject",
    ]);
    expect(JSON.stringify(answer)).not.toContain(token.split(".")[2]);
  });

  it("takes claims, and says that the rule is not all", async () => {
    const claims = { iss: issuer.url, sub: aRule().subject, aud: "x", iat: 1, exp: 2 };
    expect(await run({ claims: fileWith(JSON.stringify(claims)) })).toBe(1);
    expect(printed.join("\n")).toContain(`FAILS   audience: wants "${PUBLIC_URL}"; the token says "x"`);
    expect(printed.join("\n")).toContain("rule rule-1 would decide, but the token is refused");
  });

  it("finds a past refusal, and lets nothing in it move the cursor", async () => {
    expect(await run({ request: "abc" })).toBe(1);
    const text = printed.join("\n");
    expect(text).toContain("request abc for acme+builder, 1970-01-01T00:00:01.000Z: no_match");
    expect(text).toContain('"repo:acme/\\u{1b}[2J"');
    expect(text).not.toContain("\u001b");
  });

  it("says that a robot is disabled and has no rules", async () => {
    expect(await run({ request: "abc" }, "acme+idle")).toBe(1);
    expect(printed.join("\n")).toMatch(/^acme\+idle is disabled.*acme\+idle has no rules/ms);
  });

  it("says which claims were not written down", async () => {
    const { ledger, close } = await openStores(readSettings(environment()), systemClock);
    await ledger.record([
      anEvent(2000, {
        kind: "exchange.refused",
        requestId: "def",
        issuer: issuer.url,
        subject: "repo:acme/app:ref:refs/heads/main",
      }),
    ]);
    close();
    await run({ request: "def" });
    expect(printed.join("\n")).toContain(
      `unknown claim environment: wants "staging"; nothing of it was written down`,
    );
  });

  it.each<{ what: string; values: () => Promise<Readonly<Record<string, unknown>>>; code: number }>([
    { what: "no question", values: async () => ({}), code: 2 },
    { what: "two questions", values: async () => ({ request: "abc", claims: "x" }), code: 2 },
    { what: "an unknown request", values: async () => ({ request: "xyz" }), code: 1 },
  ])("ends with $code for $what, and prints no token", async ({ values, code }) => {
    expect(await run(await values())).toBe(code);
    expect(printed).toHaveLength(1);
    expect(printed.join()).toMatch(/^berth: /);
    expect(printed.join()).not.toContain("eyJ");
  });

  it("names the file that cannot be read or is no token, and nothing in it", async () => {
    const missing = run({ claims: join(folder, "missing") });
    await expect(missing).rejects.toMatchObject({ problems: [expect.stringMatching(/cannot be read$/)] });
    const secret = run({ "token-file": fileWith("brp_secret") });
    await expect(secret).rejects.toMatchObject({
      problems: [expect.stringMatching(/is not an identity token of three parts$/)],
    });
    await expect(run({ "token-file": fileWith("brp_secret") })).rejects.not.toThrow(/brp_/);
  });

  it("sends a signed token nowhere, and names the file that holds it", async () => {
    const signed = run({ claims: fileWith(await issuer.sign()) });
    await expect(signed).rejects.toMatchObject({
      problems: [expect.stringMatching(/holds a signed identity token; give it with --token-file/)],
    });
    await expect(run({ claims: fileWith("[]") })).rejects.toMatchObject({
      problems: [expect.stringMatching(/is not one strict JSON object of at most 16 KiB$/)],
    });
    expect(printed).toEqual([]);
  });

  it("wants a robot's name", async () => {
    await expect(run({ request: "abc" }, "acme")).rejects.toMatchObject({
      problems: ["a robot account is named NAMESPACE+NAME, like acme+builder"],
    });
  });
});
