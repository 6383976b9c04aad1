import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PUBLIC_URL } from "../../../test/support/baseline.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { parseSecret } from "../../domain/accounts/secret.ts";
import { bootstrapFromSettings } from "../bootstrap.ts";
import { type Environment, readSettings } from "../read-settings.ts";
import { openStores, type Stores } from "../stores.ts";
import { adminBootstrap } from "./admin.ts";

let folder: string;
let out: string[];
let errors: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-admin-"));
  [out, errors] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void out.push(String(line)));
  vi.spyOn(console, "error").mockImplementation((line: unknown) => void errors.push(String(line)));
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = (change: Environment = {}): Environment => ({
  BERTH_PUBLIC_URL: PUBLIC_URL,
  BERTH_DATA_DIR: folder,
  BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
  ...change,
});
const run = (values: Readonly<Record<string, unknown>> = {}) =>
  adminBootstrap.run({ values, positionals: [], environment: environment() });

async function withStores<T>(use: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStores(readSettings(environment()), systemClock);
  try {
    return await use(stores);
  } finally {
    stores.close();
  }
}
const storedTokens = () => withStores(({ apiTokens }) => apiTokens.list());

describe("berth admin bootstrap", () => {
  it("prints the first API token to standard output, alone, and how long it lives", async () => {
    expect(await run()).toBe(0);
    const [token = "", ...more] = out;
    expect([parseSecret(token)?.class, more]).toEqual(["api-token", []]);
    const [stored] = await storedTokens();
    expect(stored).toMatchObject({ scopes: ["super:user"], namespaces: "all", createdBy: "operator" });
    const end = new Date((stored?.expiresAt ?? 0) * 1000).toISOString();
    expect((stored?.expiresAt ?? 0) - (stored?.createdAt ?? 0)).toBe(86_400);
    expect(errors).toEqual([`super:user until ${end}; make lasting ones with it, it is not shown again`]);
  });

  it("does so once, and says what to do then", async () => {
    await run();
    out = [];
    errors = [];
    expect(await run()).toBe(1);
    expect(out).toEqual([]);
    expect(errors).toEqual([
      expect.stringMatching(/^berth: this store has had an API token .*: berth tokens create$/),
    ]);
    expect(await storedTokens()).toHaveLength(1);
  });

  it("with --print-only prints a token for the variable, and touches no store", async () => {
    expect(await run({ "print-only": true })).toBe(0);
    expect(out.map((text) => parseSecret(text)?.class)).toEqual(["api-token"]);
    expect(errors).toEqual([expect.stringContaining("BERTH_BOOTSTRAP_TOKEN")]);
    expect(await storedTokens()).toEqual([]);
  });
});

describe("BERTH_BOOTSTRAP_TOKEN", () => {
  let log: Record<string, unknown>[];
  beforeEach(() => {
    log = [];
  });
  const start = (change: Environment) =>
    withStores((stores) =>
      bootstrapFromSettings(readSettings(environment(change)), stores, (level, message, fields) =>
        log.push({ level, message, ...fields }),
      ),
    );
  async function printedToken(): Promise<string> {
    out = [];
    await run({ "print-only": true });
    return out[0] ?? "";
  }

  it("becomes the first API token at start", async () => {
    const token = await printedToken();
    await start({ BERTH_BOOTSTRAP_TOKEN: token });
    const [stored] = await storedTokens();
    expect(stored).toMatchObject({ scopes: ["super:user"], createdBy: "environment" });
    expect(log).toEqual([
      {
        level: "info",
        message: "first API token made from BERTH_BOOTSTRAP_TOKEN",
        token: stored?.id,
        expires: new Date((stored?.expiresAt ?? 0) * 1000).toISOString(),
      },
    ]);
    expect(JSON.stringify(log)).not.toContain(token);
  });

  it("is ignored, with a line, once there has been one", async () => {
    await run();
    await start({ BERTH_BOOTSTRAP_TOKEN: await printedToken() });
    expect(log).toEqual([
      {
        level: "warn",
        message: "BERTH_BOOTSTRAP_TOKEN ignored",
        detail: "there has been an API token with super:user; take the variable away",
      },
    ]);
    expect(await storedTokens()).toMatchObject([{ createdBy: "operator" }]);
  });

  it("says nothing where it is not set", async () => {
    await start({});
    expect([log, await storedTokens()]).toEqual([[], []]);
  });

  it("is passed over, with a warning, while the store does not answer", async () => {
    const stores = await openStores(readSettings(environment()), systemClock);
    stores.close();
    const settings = readSettings(environment({ BERTH_BOOTSTRAP_TOKEN: await printedToken() }));
    await bootstrapFromSettings(settings, stores, (level, message) => log.push({ level, message }));
    expect(log).toEqual([
      { level: "warn", message: "BERTH_BOOTSTRAP_TOKEN not looked at: the store does not answer" },
    ]);
  });
});
