import { randomUUID } from "node:crypto";
import { KeyRing } from "../../adapters/keys/key-ring.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { initKeys } from "../../usecases/upkeep/init-keys.ts";
import { type KeySummary, listKeys } from "../../usecases/upkeep/list-keys.ts";
import { type Rotation, rotateKeys } from "../../usecases/upkeep/rotate-keys.ts";
import type { Command } from "./command.ts";
import { refuse, withKeys } from "./with-keys.ts";

export const keysList: Command = {
  words: ["keys", "list"],
  positionals: [],
  options: {},
  usage: "",
  summary: "lists Berth's signing keys",
  description:
    "Lists the CA, the leaves under it, and the keys of registries that verify by key id or have one pinned.",
  example: "berth keys list",
  run: ({ environment }) =>
    withKeys(environment, async (deps) => {
      console.log(row("NAME", "USE", "STATUS", "CREATED", "NOT AFTER", "REGISTRY"));
      for (const key of await listKeys(deps)) console.log(keyRow(key));
      return 0;
    }),
};

export const keysRotate: Command = {
  words: ["keys", "rotate"],
  positionals: ["x5c|kid|pinned"],
  options: { registry: { type: "string" }, activate: { type: "boolean" } },
  usage: "[--registry SERVICE] [--activate]",
  summary: "replaces a signing key",
  description:
    "x5c: a new leaf under the CA, in force within a second; registries are not touched. kid and pinned take two\nsteps, since registries hold a copy: without --activate the new key is published (in the JWKS, and printed),\nwith it that key signs. A pinned key belongs to one registry, by --registry.",
  example: "berth keys rotate pinned --registry zot.example.com",
  run: ({ values, positionals, environment }) => {
    const rotation = parseRotation(positionals[0], values);
    if (rotation === undefined) {
      console.error("berth: x5c has no options; kid may have --activate; pinned needs --registry");
      return Promise.resolve(2);
    }
    return withKeys(environment, async (deps) => {
      const rotated = await rotateKeys(deps, rotation, randomUUID());
      if (!rotated.ok) return refuse(rotated.error);
      const { key, changed } = rotated.value;
      console.log(`${key.name}: ${key.status}${changed ? "" : " already; nothing was made"}`);
      if (key.status === "published" || rotation.use === "pinned") printPublicKey(key);
      return 0;
    });
  },
};

export const keysInit: Command = {
  words: ["keys", "init"],
  positionals: [],
  options: { "new-ca": { type: "boolean" } },
  usage: "[--new-ca]",
  summary: "makes the CA of a fresh store, or with --new-ca another",
  description:
    "A fresh store gets its CA at the first start by itself. --new-ca replaces one that is lost or unreadable: every\nregistry then needs the new certificate (`berth keys ca`) before it accepts another token.",
  example: "berth keys init --new-ca",
  run: ({ values, environment }) =>
    withKeys(environment, async (deps) => {
      const initialized = await initKeys(deps, { newCa: values["new-ca"] === true }, randomUUID());
      if (!initialized.ok) return refuse(initialized.error);
      const { ca, made, removed } = initialized.value;
      console.log(
        `${ca.name}: ${made ? "made; give every registry its certificate: berth keys ca" : "is there"}`,
      );
      for (const name of removed) console.log(`${name}: removed`);
      return 0;
    }),
};

export const keysCa: Command = {
  words: ["keys", "ca"],
  positionals: [],
  options: {},
  usage: "",
  summary: "prints the CA certificate: a registry's rootcertbundle",
  description: "Prints the CA certificate in PEM, as /keys/ca.pem serves it.",
  example: "berth keys ca > berth-ca.pem",
  run: ({ environment }) =>
    withKeys(environment, async (deps) => {
      const initialized = await initKeys(deps, { newCa: false }, randomUUID());
      if (!initialized.ok) return refuse(initialized.error);
      const ring = new KeyRing({ ...deps, random: webRandom });
      process.stdout.write(await ring.caPem());
      return 0;
    }),
};

function parseRotation(
  use: string | undefined,
  values: Readonly<Record<string, unknown>>,
): Rotation | undefined {
  const { registry } = values;
  const step = values.activate === true ? "activate" : "publish";
  if (use === "x5c" && registry === undefined && values.activate === undefined) return { use };
  if (use === "kid" && registry === undefined) return { use, step };
  if (use === "pinned" && typeof registry === "string") return { use, registry, step };
  return undefined;
}

function printPublicKey(key: KeySummary): void {
  console.log(
    key.certificatePem ?? JSON.stringify({ keys: [{ ...key.publicJwk, alg: "ES256", use: "sig" }] }),
  );
}

function keyRow(key: KeySummary): string {
  return row(key.name, key.use, key.status, day(key.createdAt), day(key.notAfter), key.registry ?? "");
}

function row(...cells: readonly string[]): string {
  const widths = [44, 7, 10, 11, 11];
  return cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join(" ")
    .trimEnd();
}

function day(unixSeconds: number | undefined): string {
  return unixSeconds === undefined ? "-" : new Date(unixSeconds * 1000).toISOString().slice(0, 10);
}
