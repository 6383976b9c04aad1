import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleClient, type ClientBundle } from "../../scripts/client-bundle.ts";

/** A job downloads it each time. */
const MAX_BYTES = 112_000;
const COMMITTED = new URL("../../dist/client/berth.mjs", import.meta.url);

describe("the client's one file", () => {
  let bundle: ClientBundle;
  beforeAll(async () => {
    bundle = await bundleClient();
  });

  it("is small", () => {
    expect(Buffer.byteLength(bundle.text)).toBeLessThan(MAX_BYTES);
  });

  // attack 91
  it("has the client and the domain in it, and nothing of the server or of another package", () => {
    const folders = new Set(bundle.inputs.map((input) => input.split("/").slice(0, 2).join("/")));
    expect([...folders].toSorted()).toEqual(["src/client", "src/domain", "src/entrypoints"]);
    expect(bundle.inputs.filter((input) => input.startsWith("src/entrypoints/"))).toEqual([
      "src/entrypoints/client.ts",
    ]);
    for (const word of ["node:sqlite", "hono", "ioredis", "undici"]) expect(bundle.text).not.toContain(word);
  });

  it("imports nothing but modules of Node's", () => {
    const imported = [...bundle.text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name = ""]) => name);
    expect(imported.length).toBeGreaterThan(5);
    const modules = new Set(builtinModules.map((name) => `node:${name}`));
    expect(imported.filter((name) => !modules.has(name))).toEqual([]);
  });

  // attack 91
  it("comes out the same each time, and is what is committed", async () => {
    expect((await bundleClient()).text).toBe(bundle.text);
    expect(readFileSync(COMMITTED, "utf8")).toBe(bundle.text);
  });

  it("runs without a folder of packages around it", () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-bundle-"));
    const file = join(folder, "berth.mjs");
    writeFileSync(file, bundle.text);
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    const printed = execFileSync(process.execPath, [file, "--version"], { encoding: "utf8", env: {} });
    rmSync(folder, { recursive: true });
    expect(printed).toBe(`${version}\n`);
  });
});
