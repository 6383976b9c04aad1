import { type KnownSystem, parseDeclaration } from "../config/declaration-file.ts";
import type { ReadDeclaration, SentFile } from "../http/management/declaration-reader.ts";

/** What a client sent, and what it is read with: data alone, so that a thread can be given it. */
export interface SentDeclaration {
  readonly files: readonly SentFile[];
  readonly known: KnownSystem;
  readonly publicUrl: string;
}

/** The declaration that was sent. No file is read for it: what it names must have come with it. */
export function readSentDeclaration({ files, known, publicUrl }: SentDeclaration): ReadDeclaration {
  const sources = files.map(({ name, text, attachments }) => ({
    name,
    text,
    readFile: (path: string) => {
      const attached = Object.hasOwn(attachments, path) ? attachments[path] : undefined;
      if (attached === undefined) throw Object.assign(new Error("not attached"), { code: "ENOENT" });
      return attached;
    },
  }));
  return parseDeclaration(sources, { defaults: { publicUrl }, known });
}
