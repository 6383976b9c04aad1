import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "./configuration-error.ts";
import { declarationFiles } from "./declaration-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder, name), name);
}
const named = (...paths: readonly string[]) =>
  declarationFiles(paths.map((path) => join(folder, path))).map(({ name, text }) => [
    name.slice(folder.length + 1),
    text,
  ]);

describe("declarationFiles", () => {
  it("reads a folder's files by their names, not deeper, and no others", () => {
    write("b.yaml", "a.yml", "c.json", "notes.md", ".hidden.yaml", "yaml");
    mkdirSync(join(folder, "deeper.yaml"));
    write("deeper.yaml/x.yaml");
    expect(named("")).toEqual([
      ["a.yml", "a.yml"],
      ["b.yaml", "b.yaml"],
      ["c.json", "c.json"],
    ]);
  });

  it("keeps the order of several, whatever a file is called", () => {
    mkdirSync(join(folder, "more"));
    write("z.txt", "a.yaml", "more/b.yaml");
    expect(named("z.txt", "more", "a.yaml").map(([name]) => name)).toEqual([
      "z.txt",
      "more/b.yaml",
      "a.yaml",
    ]);
  });

  it("reads what a file names from that file's own folder", () => {
    mkdirSync(join(folder, "more"));
    write("ca.pem", "a.yaml", "more/b.yaml");
    const [first, second] = declarationFiles([join(folder, "a.yaml"), join(folder, "more")]);
    expect(first?.readFile("ca.pem")).toBe("ca.pem");
    expect(second?.readFile("../ca.pem")).toBe("ca.pem");
    expect(() => second?.readFile("ca.pem")).toThrow();
  });

  it.each([
    ["none.yaml", "none.yaml: cannot be read"],
    ["", ": holds no *.yaml, *.yml or *.json file"],
  ])("refuses %j", (path, problem) => {
    write("notes.md");
    const place = path === "" ? folder : join(folder, path);
    const refused = () => declarationFiles([place]);
    expect(refused).toThrow(ConfigurationError);
    expect(refused).toThrow(path === "" ? `${folder}${problem}` : `${folder}/${problem}`);
  });
});
