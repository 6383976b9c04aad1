import type { DeclarationContent } from "./declaration-schema.ts";
import type { ReadFile } from "./environment.ts";
import type { FileProblem, Path } from "./problem.ts";
import type { YamlSource } from "./yaml-source.ts";

/** One of the files that make a declaration. */
export interface DeclarationFile {
  /** As problems name it. */
  readonly name: string;
  readonly text: string;
  /** Reads a file that this one names; a relative path is relative to this one's own folder. */
  readonly readFile: ReadFile;
}

/** A file whose syntax and form are right. */
export interface ReadDeclarationFile {
  readonly file: DeclarationFile;
  readonly source: YamlSource;
  readonly content: DeclarationContent;
}

const LISTS = ["issuers", "registries", "namespaces"] as const;

/**
 * Several files as one: each list is theirs put together, in their order. A path leads into the whole, and is told
 * of as the file that holds that part has it.
 */
export class DeclarationSource {
  readonly content: DeclarationContent;
  readonly #files: readonly ReadDeclarationFile[];

  constructor(files: readonly ReadDeclarationFile[]) {
    this.#files = files;
    this.content = {
      revision: Math.max(0, ...files.map(({ content }) => content.revision)),
      issuers: files.flatMap(({ content }) => content.issuers),
      registries: files.flatMap(({ content }) => content.registries),
      namespaces: files.flatMap(({ content }) => content.namespaces),
    };
  }

  problemAt(path: Path, message: string): FileProblem {
    const { part, inside } = this.#find(path);
    return { file: part.file.name, ...part.source.problemAt(inside, message) };
  }

  digitsAt(path: Path): string | undefined {
    const { part, inside } = this.#find(path);
    return part.source.digitsAt(inside);
  }

  readFileAt(path: Path): ReadFile {
    return this.#find(path).part.file.readFile;
  }

  /** `rules/acme.yaml:12:7` */
  placeOf(path: Path): string {
    const { file, line, column } = this.problemAt(path, "");
    return `${file}:${line}:${column}`;
  }

  #find([name, index, ...rest]: Path): { readonly part: ReadDeclarationFile; readonly inside: Path } {
    const list = LISTS.find((known) => known === name);
    let at = Number(index);
    for (const part of this.#files) {
      const count = list === undefined ? 0 : part.content[list].length;
      if (at < count) return { part, inside: [String(list), at, ...rest] };
      at -= count;
    }
    throw new RangeError("a path that leads into no file");
  }
}
