import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClientEnvironment } from "./client-environment.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-environment-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the client's environment", () => {
  it("reads files, and tells those that are missing from those that cannot be read", async () => {
    const { readFile } = createClientEnvironment({});
    const file = join(folder, "file");
    writeFileSync(file, "text\n");
    expect(await readFile(file)).toEqual({ ok: true, value: "text\n" });
    expect(await readFile(join(folder, "other"))).toEqual({ ok: false, error: "missing" });
    expect(await readFile(join(file, "below"))).toEqual({ ok: false, error: "missing" });
    expect(await readFile(folder)).toEqual({ ok: false, error: "unreadable" });
  });

  it("runs programs with its own variables, without a shell", async () => {
    const { run } = createClientEnvironment({ PLACE: "here", UNSET: undefined });
    const script = "console.log(process.env.PLACE, 'UNSET' in process.env, process.argv[1])";
    const printed = await run(process.execPath, ["-e", script, "$(id); `id`"]);
    expect(printed).toEqual({ ok: true, value: "here false $(id); `id`\n" });
  });

  it("tells a program that is missing from one that fails", async () => {
    const { run } = createClientEnvironment({ PATH: folder });
    expect(await run("buildkite-agent", [])).toEqual({ ok: false, error: "missing" });
    const failing = await run(process.execPath, ["-e", "console.log('no'); process.exit(3)"]);
    expect(failing).toEqual({ ok: false, error: "failed" });
  });

  it("gives a program no standard input to wait for", async () => {
    const { run } = createClientEnvironment({});
    const printed = await run(process.execPath, [
      "-e",
      "process.stdin.on('end', () => console.log('end')).resume()",
    ]);
    expect(printed).toEqual({ ok: true, value: "end\n" });
  });

  it("draws as many bytes as it is asked for", () => {
    const { random } = createClientEnvironment({});
    expect(random(32)).toHaveLength(32);
    expect(random(32)).not.toEqual(random(32));
  });
});
