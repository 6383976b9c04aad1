import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createClientEnvironment } from "../client-environment.ts";
import { loginIn, storeFor, withLogin, withoutLogin } from "./auth-config.ts";
import { changeAuthConfig } from "./auth-file.ts";
import { readOwnJson, writeOwnJson } from "./own-json.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-auth-"));
  file = join(folder, "made", "config.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = createClientEnvironment({});
const login = (password: string) => ({ username: "acme+builder", password });

it("loses none of sixty changes at once, and leaves nothing beside the file", async () => {
  const keys = Array.from({ length: 60 }, (_, at) => `registry-${at}.example`);
  const changed = await Promise.all(
    keys.map((key) => changeAuthConfig(environment, file, (config) => withLogin(config, key, login(key)))),
  );
  expect(changed.filter(({ ok }) => !ok)).toEqual([]);
  const config = JSON.parse(readFileSync(file, "utf8"));
  expect(keys.map((key) => loginIn(config, key))).toEqual(keys.map(login));
  expect(readdirSync(join(folder, "made"))).toEqual(["config.json"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "made")).mode & 0o777).toBe(0o700);
});

it("writes no file of its own through a link that somebody has put there", async () => {
  const target = join(folder, "target");
  writeFileSync(target, "theirs");
  const own = join(folder, "berth-logins.json");
  symlinkSync(target, own);
  expect(await writeOwnJson(own, { a: 1 })).toEqual({ ok: true, value: undefined });
  expect(readFileSync(target, "utf8")).toBe("theirs");
  expect(await readOwnJson(own)).toEqual({ a: 1 });
});

it("writes nothing where nothing changes", async () => {
  expect(await changeAuthConfig(environment, file, (config) => config)).toEqual({
    ok: true,
    value: undefined,
  });
  expect(readdirSync(join(folder, "made"))).toEqual([]);
});

it("says why a file cannot be read or written", async () => {
  mkdirSync(file, { recursive: true });
  expect(await changeAuthConfig(environment, file, (config) => ({ ...config }))).toMatchObject({
    error: { code: "file_unreadable", message: `${file} cannot be read (EISDIR).` },
  });
  writeFileSync(join(folder, "plain"), "");
  const below = join(folder, "plain", "config.json");
  expect(await changeAuthConfig(environment, below, (config) => ({ ...config }))).toMatchObject({
    error: {
      code: "file_unwritable",
      message: expect.stringMatching(/cannot be written \((EEXIST|ENOTDIR)\)/),
    },
  });
});

it.each([
  [{ credsStore: "desktop" }, "desktop"],
  [{ credsStore: "desktop", credHelpers: { "r.example": "own" } }, "own"],
  // Docker takes an empty one for the file itself.
  [{ credsStore: "desktop", credHelpers: { "r.example": "" } }, undefined],
  [{ credHelpers: { "other.example": "own" } }, undefined],
  [{}, undefined],
])("finds the store of %j", (config, store) => {
  expect(storeFor(config, "r.example")).toBe(store);
});

it.each([
  [{ auth: "YTpiOmM=" }, { username: "a", password: "b:c" }],
  [{ auth: "YQ==" }, undefined],
  [{ auth: 1 }, undefined],
  [{}, undefined],
  [null, undefined],
])("reads the login of the entry %j", (entry, expected) => {
  expect(loginIn({ auths: { "r.example": entry } }, "r.example")).toEqual(expected);
});

it("takes out its own entry only, and keeps strange names", () => {
  const config = JSON.parse('{"auths":{"r.example":{},"__proto__":{"auth":"x"}}}');
  expect(JSON.stringify(withoutLogin(config, "r.example"))).toBe('{"auths":{"__proto__":{"auth":"x"}}}');
});
