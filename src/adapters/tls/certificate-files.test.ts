import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  type CertificateFiles,
  type CertificatePair,
  readCertificate,
  watchCertificate,
} from "./certificate-files.ts";

let folder: string;
let files: CertificateFiles;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), "berth-tls-"));
  files = { certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };
  writeFileSync(files.certFile, "certificate 1");
  writeFileSync(files.keyFile, "key 1");
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Watches; a pair of two numbers does not fit, as TLS would say. */
function watch() {
  const taken: CertificatePair[] = [];
  const faults: unknown[] = [];
  const take = (pair: CertificatePair) => {
    if (pair.cert.at(-1) !== pair.key.at(-1)) throw new Error("the pair does not fit");
    taken.push(pair);
  };
  const end = watchCertificate(files, readCertificate(files), take, (fault) => faults.push(fault));
  return { taken, faults, end };
}

const look = () => vi.advanceTimersByTime(5000);

it("tells of a new pair, once", () => {
  const { taken, faults } = watch();
  look();
  expect(taken).toEqual([]);
  writeFileSync(files.certFile, "certificate 2");
  writeFileSync(files.keyFile, "key 2");
  vi.advanceTimersByTime(4999);
  expect(taken).toEqual([]);
  vi.advanceTimersByTime(1);
  look();
  expect(taken).toEqual([{ cert: "certificate 2", key: "key 2" }]);
  expect(faults).toEqual([]);
});

it("tells of a pair that was swapped before the first look", () => {
  const current = readCertificate(files);
  writeFileSync(files.keyFile, "key 2");
  const taken: CertificatePair[] = [];
  watchCertificate(
    files,
    current,
    (pair) => taken.push(pair),
    () => undefined,
  );
  look();
  expect(taken).toEqual([{ cert: "certificate 1", key: "key 2" }]);
});

it("follows a symbolic link that is swapped, as Kubernetes does", () => {
  const link = join(folder, "link.key");
  symlinkSync(files.keyFile, link);
  files = { ...files, keyFile: link };
  const { taken } = watch();
  writeFileSync(join(folder, "next.key"), "another key 1");
  symlinkSync(join(folder, "next.key"), join(folder, "next"));
  renameSync(join(folder, "next"), link);
  look();
  expect(taken).toEqual([{ cert: "certificate 1", key: "another key 1" }]);
});

it("takes a pair that came in two parts when it is whole", () => {
  const { taken, faults } = watch();
  writeFileSync(files.certFile, "certificate 2");
  look();
  expect(faults).toMatchObject([{ message: "the pair does not fit" }]);
  writeFileSync(files.keyFile, "key 2");
  look();
  expect(taken).toEqual([{ cert: "certificate 2", key: "key 2" }]);
  expect(faults).toHaveLength(1);
});

it("tells of a file that is gone at each look, and takes it when it is back", () => {
  const { taken, faults } = watch();
  rmSync(files.keyFile);
  look();
  look();
  expect(faults).toMatchObject([{ code: "ENOENT" }, { code: "ENOENT" }]);
  writeFileSync(files.keyFile, "another key 1");
  look();
  expect(taken).toEqual([{ cert: "certificate 1", key: "another key 1" }]);
});

it("ends when it is told to", () => {
  const { taken, end } = watch();
  end();
  writeFileSync(files.keyFile, "another key 1");
  look();
  expect(taken).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
