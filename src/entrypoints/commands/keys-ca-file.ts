import { randomUUID } from "node:crypto";
import { exportCa } from "../../usecases/upkeep/export-ca.ts";
import { importCa } from "../../usecases/upkeep/import-ca.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { readPrivately, STANDARD, writePrivately } from "../private-file.ts";
import type { Command } from "./command.ts";
import { refuse, withKeys } from "./with-keys.ts";

/** So that 2048 rounds of PBKDF2, which is what OpenSSL has for such files, are not what it rests on. */
const MIN_PASSPHRASE = 20;

export const keysExportCa: Command = {
  words: ["keys", "export-ca"],
  positionals: ["FILE"],
  options: { "passphrase-file": { type: "string" } },
  usage: "--passphrase-file FILE",
  summary: "writes the CA with its private key to a file",
  description:
    "Writes the CA's certificate and its private key (PKCS #8, AES-256 under the passphrase) to FILE (mode 0600) in PEM;\n- is standard output. The passphrase is the text of a file, of 20 characters at least. Whoever has both signs\nas this Berth: keep them apart.",
  example: "openssl rand -base64 32 > ca.pass && berth keys export-ca ca.pem --passphrase-file ca.pass",
  run: ({ values, positionals, environment }) =>
    withPassphrase(values["passphrase-file"], (passphrase) =>
      withKeys(environment, async (deps) => {
        const [path = ""] = positionals;
        const exported = await exportCa(deps, passphrase, randomUUID());
        if (!exported.ok) return refuse(exported.error);
        const { ca, file } = exported.value;
        await writePrivately(path, only(file));
        if (path !== STANDARD) console.log(`${path}: ${ca.name}`);
        return 0;
      }),
    ),
};

export const keysImportCa: Command = {
  words: ["keys", "import-ca"],
  positionals: ["FILE"],
  options: { "passphrase-file": { type: "string" }, replace: { type: "boolean" } },
  usage: "--passphrase-file FILE [--replace]",
  summary: "makes the CA in a file that of this store",
  description:
    "Reads what `berth keys export-ca` wrote. A store that has another CA keeps it unless --replace is given: then that one\ngoes with its leaves, and registries accept tokens only with the certificate of the imported one (`berth keys ca`).",
  example: "berth keys import-ca ca.pem --passphrase-file ca.pass",
  run: ({ values, positionals, environment }) =>
    withPassphrase(values["passphrase-file"], (passphrase) =>
      withKeys(environment, async (deps) => {
        const text = await readPrivately(positionals[0] ?? "");
        const replace = values.replace === true;
        const imported = await importCa(deps, { text, passphrase }, { replace }, randomUUID());
        if (!imported.ok) return refuse(imported.error);
        const { ca, changed, removed } = imported.value;
        console.log(`${ca.name}: ${changed ? "imported" : "is there already"}`);
        for (const name of removed) console.log(`${name}: removed`);
        return 0;
      }),
    ),
};

/** From a file, since the arguments of a process are open to all users of its machine. */
async function withPassphrase(file: unknown, run: (passphrase: string) => Promise<number>): Promise<number> {
  if (typeof file !== "string") {
    throw new ConfigurationError(["--passphrase-file FILE is needed: a file with the passphrase alone"]);
  }
  const passphrase = (await readPrivately(file)).replace(/\r?\n$/, "");
  if (passphrase.length < MIN_PASSPHRASE) {
    throw new ConfigurationError([`${file}: a passphrase has ${MIN_PASSPHRASE} characters at least`]);
  }
  return run(passphrase);
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
