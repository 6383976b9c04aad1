import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ConfigurationError } from "./configuration-error.ts";
import { redisTlsTexts } from "./redis-tls-files.ts";

let folder: string;
let notices: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-tls-"));
  notices = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
const read = () =>
  redisTlsTexts({ ca: file("ca"), cert: file("cert"), key: file("key") }, (notice) => notices.push(notice));
const write = (name: string, text: string) => writeFileSync(file(name), text);

it("gives what the files hold at that moment", () => {
  for (const name of ["ca", "cert", "key"]) write(name, `${name} 1`);
  const texts = read();
  expect(texts()).toStrictEqual({ ca: "ca 1", cert: "cert 1", key: "key 1" });
  write("cert", "cert 2");
  expect(texts()).toStrictEqual({ ca: "ca 1", cert: "cert 2", key: "key 1" });
  expect(notices).toStrictEqual([]);
});

it("gives what it read last where a file is gone, and says so", () => {
  for (const name of ["ca", "cert", "key"]) write(name, name);
  const texts = read();
  rmSync(file("key"));
  expect(texts()).toStrictEqual({ ca: "ca", cert: "cert", key: "key" });
  expect(notices).toStrictEqual([
    "BERTH_REDIS_TLS_KEY: cannot be read: ENOENT; the one that was read last is used",
  ]);
});

it("tells every file that cannot be read at the start", () => {
  write("cert", "cert");
  expect(read).toThrow(
    new ConfigurationError([
      "BERTH_REDIS_TLS_CA: cannot be read: ENOENT",
      "BERTH_REDIS_TLS_KEY: cannot be read: ENOENT",
    ]),
  );
});
