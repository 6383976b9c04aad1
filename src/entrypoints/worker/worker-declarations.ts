import type { FileProblem } from "../../config/problem.ts";
import type {
  DeclarationReader,
  ReadDeclaration,
  SentFile,
} from "../../http/management/declaration-reader.ts";
import { readSentDeclaration } from "../read-sent-declaration.ts";
import { privateIssuerObstacle } from "./private-issuer.ts";

/**
 * Characters of a declaration. There are no threads, and a request that takes too long over it is ended by Cloudflare
 * without a word.
 */
const MAX_LENGTH = 512 * 1024;

/** Reads what clients send, on the spot, and refuses issuers that Workers cannot reach. */
export function createWorkerDeclarationReader(publicUrl: string): DeclarationReader {
  return {
    read: async (files, { issuers, registries }) => {
      if (lengthOf(files) > MAX_LENGTH) {
        return {
          ok: false,
          error: [problem(files, `is longer than ${MAX_LENGTH / 1024} KiB: apply it in parts`)],
        };
      }
      return withoutPrivateIssuers(
        files,
        readSentDeclaration({ files, known: { issuers, registries }, publicUrl }),
      );
    },
  };
}

function withoutPrivateIssuers(files: readonly SentFile[], read: ReadDeclaration): ReadDeclaration {
  if (!read.ok) return read;
  const obstacles = read.value.issuers.flatMap((issuer) => privateIssuerObstacle(issuer) ?? []);
  return obstacles.length === 0
    ? read
    : { ok: false, error: obstacles.map((obstacle) => problem(files, obstacle, "issuers")) };
}

/** Of the whole declaration: where an issuer stood is not known once it is read. */
function problem(files: readonly SentFile[], message: string, path = ""): FileProblem {
  return { file: files[0]?.name ?? "", line: 1, column: 1, path, message };
}

function lengthOf(files: readonly SentFile[]): number {
  return files.reduce((total, { text }) => total + text.length, 0);
}
