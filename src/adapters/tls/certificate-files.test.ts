import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  type CertificateFiles,
  type CertificatePair,
  readCertificate,
  watchCertificate,
} from "./certificate-files.ts";

const LOOK_EVERY_MS = 5;
let folder: string;
let files: CertificateFiles;
let end: () => void = () => undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-tls-"));
  files = { certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };
  writeFileSync(files.certFile, "certificate 1");
  writeFileSync(files.keyFile, "key 1");
});
afterEach(() => {
  end();
  rmSync(folder, { recursive: true });
});

interface Waiter {
  readonly accepts: (seen: CertificatePair | "fault") => boolean;
  readonly resolve: () => void;
}

/** Watches, and lets a test wait for what it is told. */
function watch(): (accepts: Waiter["accepts"]) => Promise<void> {
  const waiters = new Set<Waiter>();
  const tell = (seen: CertificatePair | "fault") => {
    for (const waiter of waiters) if (waiter.accepts(seen)) waiter.resolve();
  };
  end = watchCertificate(files, tell, () => tell("fault"), LOOK_EVERY_MS);
  return (accepts) => new Promise((resolve) => waiters.add({ accepts, resolve }));
}

it("reads both files", () => {
  expect(readCertificate(files)).toEqual({ cert: "certificate 1", key: "key 1" });
});

it("tells of a new pair", async () => {
  const told = watch();
  const seen = told((pair) => pair !== "fault" && pair.cert === "certificate 2" && pair.key === "key 2");
  writeFileSync(files.certFile, "certificate 2");
  writeFileSync(files.keyFile, "key 2");
  await seen;
});

it("follows a symbolic link that is swapped, as Kubernetes does", async () => {
  const link = join(folder, "link.crt");
  symlinkSync(files.certFile, link);
  files = { ...files, certFile: link };
  const told = watch();
  const seen = told((pair) => pair !== "fault" && pair.cert === "certificate of another length");
  writeFileSync(join(folder, "tls-2.crt"), "certificate of another length");
  symlinkSync(join(folder, "tls-2.crt"), join(folder, "next"));
  renameSync(join(folder, "next"), link);
  await seen;
});

it("tells of a file that is gone, and of its return", async () => {
  const told = watch();
  const fault = told((seen) => seen === "fault");
  rmSync(files.keyFile);
  await fault;
  const back = told((pair) => pair !== "fault" && pair.key === "key 3");
  writeFileSync(files.keyFile, "key 3");
  await back;
});
