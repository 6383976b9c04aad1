import type { FileProblem, RuleWarning } from "../../config/problem.ts";
import type { Declaration } from "../../domain/accounts/declaration.ts";
import type { KnownSystem } from "../../usecases/management/known-system.ts";

/** One of the files that a client sends as its declaration. */
export interface SentFile {
  /** As problems name it. */
  readonly name: string;
  readonly text: string;
  /** Texts of the files that it names, by the paths that stand in it: a server reads no file for a client. */
  readonly attachments: Readonly<Record<string, string>>;
}

/** A good declaration with what could be better in it; or what is wrong with it. */
export type ReadDeclaration =
  | { readonly ok: true; readonly value: Declaration; readonly warnings: readonly RuleWarning[] }
  | { readonly ok: false; readonly error: readonly FileProblem[] };

/** Reads what clients send, without holding up other requests while it does. */
export interface DeclarationReader {
  /**
   * Throws UnavailableError while too many others are read, or too many of the same caller.
   *
   * @param actor Who asks, as the audit record names them.
   */
  read(files: readonly SentFile[], known: KnownSystem, actor: string): Promise<ReadDeclaration>;
}
