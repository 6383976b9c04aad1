import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;

/** A tree with the project's own lint and compiler settings, and one planted file at a time. */
let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "berth-layout-"));
  for (const file of ["biome.json", "tsconfig.json", "package.json", "src/tsconfig.web.json"]) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(tree, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

function plant(path: string, source: string): string {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  return file;
}

function run(program: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(ROOT, "node_modules/.bin", program), args, {
    cwd: tree,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

describe("imports point one way", () => {
  it.each([
    ["src/domain/planted.ts", "../usecases/ports.ts"],
    ["src/domain/planted.ts", "../http/app.ts"],
    ["src/domain/planted.ts", "../adapters/oidc/jose-verifier.ts"],
    ["src/domain/planted.ts", "jose"],
    ["src/domain/planted.ts", "node:fs"],
    ["src/domain/access/planted.ts", "../../entrypoints/cli.ts"],
    ["src/usecases/planted.ts", "../http/app.ts"],
    ["src/usecases/exchange/planted.ts", "../../adapters/log/json-lines.ts"],
    ["src/usecases/exchange/planted.ts", "hono"],
    ["src/usecases/exchange/planted.ts", "node:crypto"],
    ["src/http/planted.ts", "../adapters/log/json-lines.ts"],
    ["src/http/exchange/planted.ts", "../../config/settings.ts"],
    ["src/http/exchange/planted.ts", "ioredis"],
    ["src/http/exchange/planted.ts", "node:crypto"],
    ["src/http/exchange/planted.ts", "@asteasolutions/zod-to-openapi"],
    ["src/http/exchange/planted.ts", "../../config/declaration-schema.ts"],
    ["src/http/management/planted.ts", "../../config/settings.ts"],
    ["src/http/management/planted.ts", "../../adapters/log/json-lines.ts"],
    ["src/http/management/quay/planted.ts", "ioredis"],
    ["src/adapters/log/planted.ts", "../../http/app.ts"],
    ["src/adapters/log/planted.ts", "../../usecases/exchange/choose-rule.ts"],
    ["src/adapters/log/planted.ts", "../../entrypoints/cli.ts"],
    ["src/adapters/ledger/planted.ts", "cloudflare:workers"],
    ["src/adapters/ledger/planted.ts", "../durable-object/ledger-object.ts"],
    ["src/adapters/durable-object/planted-object.ts", "../../entrypoints/cli.ts"],
    ["src/entrypoints/planted.ts", "cloudflare:workers"],
    ["src/entrypoints/commands/planted.ts", "../../adapters/durable-object/ledger-object.ts"],
    ["src/config/planted.ts", "cloudflare:workers"],
    ["src/config/planted.ts", "../adapters/log/json-lines.ts"],
    ["src/client/planted.ts", "../usecases/ports.ts"],
    ["src/client/planted.ts", "../config/settings.ts"],
    ["src/client/planted.ts", "undici"],
    ["src/client/planted.ts", "node:sqlite"],
    ["src/client/job-identity/planted.ts", "../../http/app.ts"],
    ["src/client/job-identity/planted.ts", "../../adapters/log/json-lines.ts"],
    ["src/client/job-identity/planted.ts", "../../entrypoints/cli.ts"],
  ])("%s may not import %s", (path, specifier) => {
    const file = plant(path, `import * as planted from "${specifier}";\n\nexport const kept = planted;\n`);
    const { status, output } = run("biome", ["lint", file]);
    rmSync(file);
    expect(output).toContain("noRestrictedImports");
    expect(status).not.toBe(0);
  });

  it.each([
    ["src/usecases/planted.ts", "../domain/result.ts"],
    ["src/http/planted.ts", "../usecases/ports.ts"],
    ["src/http/exchange/planted.ts", "hono"],
    ["src/http/management/planted.ts", "@asteasolutions/zod-to-openapi"],
    ["src/http/management/planted.ts", "../../config/declaration-schema.ts"],
    ["src/http/management/planted.ts", "../../config/declared-rule.ts"],
    ["src/http/management/quay/planted.ts", "../../../usecases/ports.ts"],
    ["src/adapters/log/planted.ts", "../../usecases/ports.ts"],
    ["src/adapters/durable-object/planted-object.ts", "cloudflare:workers"],
    ["src/entrypoints/planted.ts", "../adapters/log/json-lines.ts"],
    ["src/entrypoints/worker/planted.ts", "../../adapters/durable-object/ledger-object.ts"],
    ["src/client/planted.ts", "node:https"],
    ["src/client/planted.ts", "node:fs/promises"],
    ["src/client/job-identity/planted.ts", "../../domain/result.ts"],
  ])("%s may import %s", (path, specifier) => {
    const file = plant(path, `import * as planted from "${specifier}";\n\nexport const kept = planted;\n`);
    const { output } = run("biome", ["lint", file]);
    rmSync(file);
    expect(output).not.toContain("noRestrictedImports");
  });
});

describe("the core knows no runtime", () => {
  it.each(["src/domain", "src/usecases", "src/http"])(
    "%s does not compile with a name of Node's",
    (folder) => {
      const file = plant(`${folder}/planted.ts`, "export const planted = Buffer.alloc(1);\n");
      const { status, output } = run("tsc", ["-p", "src/tsconfig.web.json"]);
      rmSync(file);
      expect(output).toContain("Buffer");
      expect(status).not.toBe(0);
    },
  );
});
