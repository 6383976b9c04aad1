import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { CA, changedText, DECLARATION } from "../../../test/support/declaration-text.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { check } from "./check.ts";

const folder = mkdtempSync(join(tmpdir(), "berth-check-"));
const file = join(folder, "berth.yaml");
writeFileSync(join(folder, "ca.pem"), CA);
afterAll(() => rmSync(folder, { recursive: true }));

/** A rule that may write for an hour. */
const WARNED = changedText("role: read", "role: write");
const CONTENTS = `${file}: 1 issuer, 1 registry, 1 namespace, 1 robot account, 1 rule`;

async function checked(text: string, values: Readonly<Record<string, unknown>> = {}) {
  writeFileSync(file, text);
  const out = vi.spyOn(console, "log").mockReturnValue(undefined);
  const errors = vi.spyOn(console, "error").mockReturnValue(undefined);
  const exit = await check.run({ values, positionals: [file], environment: {} });
  return { exit, out: out.mock.calls.flat(), errors: errors.mock.calls.flat() };
}

describe("berth check", () => {
  it("says what a good file holds", async () => {
    const good = { exit: 0, out: [`${CONTENTS}: no problems`], errors: [] };
    expect(await checked(DECLARATION)).toEqual(good);
  });

  it("takes a good file for good with --strict", async () => {
    expect(await checked(DECLARATION, { strict: true })).toMatchObject({ exit: 0, errors: [] });
  });

  it("prints a warning, and counts it for a problem with --strict alone", async () => {
    const warned = {
      out: [`${CONTENTS}: no problems, 1 warning`],
      errors: [expect.stringMatching(/^warning: .*berth\.yaml:18:13: .*\[long-lifetime\]$/)],
    };
    expect(await checked(WARNED)).toEqual({ exit: 0, ...warned });
    vi.restoreAllMocks();
    expect(await checked(WARNED, { strict: true })).toEqual({ exit: 2, ...warned });
  });

  it("refuses a file with a rule that the linter refuses", async () => {
    const refused = checked(changedText("role: read", "role: admin"));
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(/berth\.yaml:24:17: .*\[permission-beyond-robot\]$/);
  });
});
