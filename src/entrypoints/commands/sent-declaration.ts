import type { DeclarationFile } from "../../config/declaration-source.ts";
import { readYaml } from "../../config/yaml-source.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { declarationFiles } from "../declaration-files.ts";
import type { Invocation } from "./command.ts";
import { listOption, textOption } from "./options.ts";
import { quoted } from "./plain-text.ts";

/** What `berth plan` and `berth apply` have in common. */
export const DECLARATION_OPTIONS = {
  file: { type: "string", short: "f", multiple: true },
  owner: { type: "string" },
  prune: { type: "boolean" },
  adopt: { type: "boolean" },
  json: { type: "boolean" },
} as const;
export const DECLARATION_USAGE = "-f PATH [-f PATH ...] [--owner NAME] [--prune] [--adopt]";

/** RFC 7468 §5. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\n?/g;

interface SentFile {
  readonly name: string;
  readonly text: string;
  readonly attachments: Readonly<Record<string, string>>;
}

/** The body of both requests. Throws ConfigurationError for files that cannot be read, and where none is named. */
export function sentDeclaration(values: Invocation["values"]) {
  const paths = listOption(values, "file");
  if (paths.length === 0) throw new ConfigurationError(["name a file or a folder: -f PATH"]);
  const owner = textOption(values, "owner");
  return {
    ...(owner === undefined ? {} : { owner }),
    prune: values.prune === true,
    // A server of a release before it refuses whom it cannot serve, and nobody else.
    ...(values.adopt === true ? { adopt: true } : {}),
    files: declarationFiles(paths).map(sentFile),
  };
}

/** With the certificates that the file names: the server reads no file for a client. */
function sentFile(file: DeclarationFile): SentFile {
  const attached = certificatePaths(file.text).flatMap((path): [string, string][] => {
    const text = readCertificates(file, path);
    return text === undefined ? [] : [[path, text]];
  });
  return { name: file.name, text: file.text, attachments: Object.fromEntries(attached) };
}

/** Of a text that is no YAML none: the server tells of that, as of all else that is wrong. */
function certificatePaths(text: string): readonly string[] {
  const source = readYaml(text);
  return entriesOf(source.ok ? memberOf(source.value.data, "issuers") : undefined)
    .map((issuer) => memberOf(issuer, "ca_file"))
    .filter((path) => typeof path === "string");
}

/**
 * Undefined: it cannot be read. A file that somebody's pull request names may be any file of this host, so nothing
 * but certificates leaves it.
 */
function readCertificates({ name, readFile }: DeclarationFile, path: string): string | undefined {
  const text = readOrNothing(readFile, path);
  if (text?.includes("PRIVATE KEY")) {
    throw new ConfigurationError([`${name}: ca_file ${quoted(path)} holds a private key; leave it out`]);
  }
  return text === undefined ? undefined : (text.match(CERTIFICATE)?.join("") ?? "");
}

function readOrNothing(readFile: DeclarationFile["readFile"], path: string): string | undefined {
  try {
    return readFile(path);
  } catch {
    return undefined;
  }
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
