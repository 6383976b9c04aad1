import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configurationPage } from "./configuration-page.ts";
import { parseDeclaration } from "./declaration-file.ts";
import { settingsSchema } from "./settings.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLE = readFileSync(join(ROOT, "docs/examples/berth.yaml"), "utf8");

describe("configurationPage", () => {
  const page = configurationPage(EXAMPLE);

  it.each([
    "| `BERTH_LISTEN` | The address and port to listen on. | `127.0.0.1:8080` | an IP address or `localhost`, and a port; `0` takes a free one |",
    "| `BERTH_LOG_LEVEL` | The least level to log. | `info` | `debug`, `info`, `warn`, `error` |",
    "| `BERTH_FILE` | The declaration file (below), applied at start when its content is new. |  |  |",
    "`BERTH_REDIS_URL`, `BERTH_REDIS_SENTINEL_PASSWORD`, `BERTH_ENCRYPTION_KEY`, and `BERTH_BOOTSTRAP_TOKEN` may come from a file: set the variable of the same name with `_FILE` at its end to the file's path.",
    "### `namespaces[].robots[].rules[]`",
    "| `ttl_seconds` | 300 to 3600 | `3600` | Lifetime of a credential. |",
    "| `url` | text | required | Where it is. |",
    "As `namespaces[].robots[].permissions[]`.",
    EXAMPLE.trim(),
  ])("holds %j", (text) => {
    expect(page).toContain(text);
  });

  it("has a meaning for every variable and field", () => {
    const [settings = "", fields = ""] = page.split("## The declaration file");
    const cells = (text: string) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("| `"))
        .map((line) => line.split(" | "));
    expect(cells(settings)).toHaveLength(Object.keys(settingsSchema.shape).length);
    expect(cells(settings).filter(([, meaning]) => meaning === "")).toEqual([]);
    expect(cells(fields).length).toBeGreaterThan(30);
    expect(cells(fields).filter(([, , , meaning]) => meaning === "|" || meaning === " |")).toEqual([]);
  });

  it("shows an example that is right", () => {
    const file = { name: "berth.yaml", text: EXAMPLE, readFile: () => "" };
    const context = { defaults: { publicUrl: "https://berth.example.com" } };
    expect(parseDeclaration([file], context)).toMatchObject({ ok: true });
  });

  it("is what docs/configuration.md holds", () => {
    expect(readFileSync(join(ROOT, "docs/configuration.md"), "utf8")).toBe(page);
  });
});

describe("scripts/generate-docs.ts", () => {
  it("with --check ends with 1 when a page has drifted, and writes nothing; without it mends the page", () => {
    const copy = mkdtempSync(join(tmpdir(), "berth-docs-"));
    try {
      for (const part of ["docs", "scripts", "src/config", "src/domain", "package.json"]) {
        cpSync(join(ROOT, part), join(copy, part), { recursive: true });
      }
      symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
      const run = (...args: readonly string[]) =>
        spawnSync(process.execPath, [join(copy, "scripts/generate-docs.ts"), ...args], { encoding: "utf8" });
      const page = join(copy, "docs/configuration.md");
      expect(run("--check")).toMatchObject({ status: 0, stdout: "", stderr: "" });
      appendFileSync(page, "by hand\n");
      expect(run("--check")).toMatchObject({
        status: 1,
        stderr: "docs/configuration.md is not what the code says; run `npm run docs`.\n",
      });
      expect(readFileSync(page, "utf8")).toMatch(/by hand\n$/);
      expect(run()).toMatchObject({ status: 0, stdout: "docs/configuration.md written\n" });
      expect(run("--check")).toMatchObject({ status: 0 });
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
