import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCommand } from "../../test/interop/support/command.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { openBytes, readPrivately, writePrivately } from "./private-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-private-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* parts(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

it("writes a file for its owner alone, in place of one that was open to others", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "old", { mode: 0o644 });
  await writePrivately(path, parts("a\n", "b\n"));
  expect(readFileSync(path, "utf8")).toBe("a\nb\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["file"]);
});

it("leaves what was there when its source fails, and throws that fault on", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "old");
  const fault = new Error("the store does not answer");
  async function* failing(): AsyncGenerator<string> {
    yield "half";
    throw fault;
  }
  await expect(writePrivately(path, failing())).rejects.toBe(fault);
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["file"]);
});

it("says that a file cannot be written or read, and why", async () => {
  const missing = join(folder, "no", "file");
  const problems = async (attempt: Promise<unknown>) => {
    const fault = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return fault instanceof ConfigurationError ? fault.problems : fault;
  };
  expect(await problems(writePrivately(missing, parts("a")))).toEqual([
    `${missing}: cannot be written: ENOENT`,
  ]);
  expect(await problems(readPrivately(missing))).toEqual([`${missing}: cannot be read: ENOENT`]);
  expect(await problems(openBytes(missing))).toEqual([`${missing}: cannot be read: ENOENT`]);
  const taken = join(folder, "folder");
  mkdirSync(taken);
  expect(await problems(writePrivately(taken, parts("a")))).toEqual([`${taken}: cannot be written: EISDIR`]);
});

it("says that standard output is gone, and does not end in a fault", async () => {
  const module = JSON.stringify(new URL("./private-file.ts", import.meta.url).href);
  const source = `
    import { writePrivately } from ${module};
    async function* parts() { for (let at = 0; at < 100; at += 1) yield "x".repeat(100_000); }
    await writePrivately("-", parts()).catch((fault) => console.error(fault.message));`;
  const script = join(folder, "write.mjs");
  writeFileSync(script, source);
  const { stdout, stderr } = await runCommand(
    "sh",
    ["-c", '"$0" "$1" | head -c 1', process.execPath, script],
    {
      env: { PATH: process.env.PATH ?? "" },
    },
  );
  expect([stdout, stderr]).toEqual(["x", "-: cannot be written: EPIPE\n"]);
});

it("reads a file as text, and as bytes", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "é\n");
  expect(await readPrivately(path)).toBe("é\n");
  const bytes: number[] = [];
  for await (const chunk of await openBytes(path)) bytes.push(...chunk);
  expect(Buffer.from(bytes).toString()).toBe("é\n");
});
