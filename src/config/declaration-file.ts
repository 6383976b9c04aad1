import * as z from "zod";
import type { Declaration, DeclaredIssuer } from "../domain/accounts/declaration.ts";
import { profileNamed } from "../domain/identity/profiles/all.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { declarationSchema } from "./declaration-schema.ts";
import { type DeclarationFile, DeclarationSource, type ReadDeclarationFile } from "./declaration-source.ts";
import { declaredIssuer } from "./declared-issuer.ts";
import { declaredNamespace, reportRepeated } from "./declared-namespace.ts";
import { describeIssue } from "./issue-message.ts";
import type { FileProblem, Path, Problem, Report, RuleWarning } from "./problem.ts";
import { ruleProblems } from "./rule-problems.ts";
import { suggestion } from "./spelling.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

/** What a declaration is read with. */
export interface DeclarationContext {
  /** What the files leave out. */
  readonly defaults: { readonly publicUrl: string };
  /** What rules and permissions may name besides; where it is declared too, the declaration holds. */
  readonly known?: KnownSystem;
}

/** Issuers and registries that a store has already. */
export interface KnownSystem {
  readonly issuers: readonly Pick<DeclaredIssuer, "url" | "profile" | "audiences" | "replay">[];
  /** Their service names. */
  readonly registries: readonly string[];
}

/** A good declaration with what could be better in it; or what is wrong, in the order of files and lines. */
export type ParsedDeclaration =
  | { readonly ok: true; readonly value: Declaration; readonly warnings: readonly RuleWarning[] }
  | { readonly ok: false; readonly error: readonly FileProblem[] };

const NOTHING_KNOWN: KnownSystem = { issuers: [], registries: [] };

/**
 * The declaration that files (YAML or JSON) hold together, or what is wrong with it. First their syntax, then their
 * form, then how the parts fit together, then what the rules let in: each only when the one before is right.
 */
export function parseDeclaration(
  files: readonly DeclarationFile[],
  { defaults, known = NOTHING_KNOWN }: DeclarationContext,
): ParsedDeclaration {
  const inOrder = <P extends FileProblem>(problems: readonly P[]) => problems.toSorted(byPlace(files));
  const read = files.map(readDeclarationFile);
  const unread = read.flatMap((file) => (file.ok ? [] : file.error));
  if (unread.length > 0) return err(inOrder(unread));
  const source = new DeclarationSource(read.flatMap((file) => (file.ok ? [file.value] : [])));
  const problems: FileProblem[] = repeatedRevisions(read.flatMap((file) => (file.ok ? [file.value] : [])));
  const declaration = declared(source, (path, message) => problems.push(source.problemAt(path, message)), {
    defaults,
    known,
  });
  if (problems.length > 0) return err(inOrder(problems));
  const issuers = [...known.issuers, ...declaration.issuers];
  const { refused, warnings } = ruleProblems(declaration.namespaces, issuers, source);
  if (refused.length > 0) return err(inOrder(refused));
  return { ok: true, value: declaration, warnings: inOrder(warnings) };
}

function byPlace(files: readonly DeclarationFile[]): (left: FileProblem, right: FileProblem) => number {
  const order = new Map(files.map(({ name }, at) => [name, at]));
  const orderOf = ({ file }: FileProblem) => order.get(file) ?? 0;
  return (left, right) =>
    orderOf(left) - orderOf(right) || left.line - right.line || left.column - right.column;
}

function readDeclarationFile(file: DeclarationFile): Result<ReadDeclarationFile, readonly FileProblem[]> {
  const inFile = (problem: Problem): FileProblem => ({ file: file.name, ...problem });
  const source = readYaml(file.text);
  if (!source.ok) return err(source.error.map(inFile));
  const content = declarationSchema.safeParse(source.value.data, { error: describeIssue });
  if (content.success) return ok({ file, source: source.value, content: content.data });
  return err(content.error.issues.flatMap((issue) => problemsOf(issue, source.value)).map(inFile));
}

/** Of two numbers nobody could say which one the whole has. */
function repeatedRevisions(files: readonly ReadDeclarationFile[]): FileProblem[] {
  const [first, ...others] = files.filter(({ source }) => isRecord(source.data) && "revision" in source.data);
  if (first === undefined) return [];
  const { line, column } = first.source.problemAt(["revision"], "");
  const message = `stands at ${first.file.name}:${line}:${column} too; write it in one file`;
  return others.map(({ file, source }) => ({ file: file.name, ...source.problemAt(["revision"], message) }));
}

function isRecord(data: unknown): data is object {
  return typeof data === "object" && data !== null;
}

function problemsOf(issue: z.core.$ZodIssue, source: YamlSource): readonly Problem[] {
  if (issue.code !== "unrecognized_keys") return [source.problemAt(issue.path, issue.message)];
  const known = fieldsAt(issue.path);
  return issue.keys.map((name) =>
    source.problemAtName([...issue.path, name], `is not a field${suggestion(name, known)}`),
  );
}

/** The field names that the schema has at `path`. */
function fieldsAt(path: Path): readonly string[] {
  let schema: z.core.JSONSchema.BaseSchema = z.toJSONSchema(declarationSchema, { io: "input" });
  for (const step of path) {
    const inner = typeof step === "number" ? schema.items : schema.properties?.[String(step)];
    if (typeof inner !== "object" || Array.isArray(inner)) return [];
    schema = inner;
  }
  return Object.keys(schema.properties ?? {});
}

function declared(
  source: DeclarationSource,
  report: Report,
  { defaults, known }: Required<DeclarationContext>,
): Declaration {
  const { content } = source;
  const reportIn = { report, placeOf: (path: Path) => source.placeOf(path) };
  reportRepeated(content.issuers, "url", ["issuers"], reportIn);
  reportRepeated(content.registries, "service", ["registries"], reportIn);
  reportRepeated(content.namespaces, "name", ["namespaces"], reportIn);
  const issuers = content.issuers.map((issuer, at) => {
    const path = ["issuers", at];
    const readFile = source.readFileAt(path);
    return declaredIssuer(issuer, path, { report, readFile, publicUrl: defaults.publicUrl });
  });
  const named = [...known.issuers, ...issuers];
  const ruleContext = {
    ...reportIn,
    registries: [...new Set([...known.registries, ...content.registries.map(({ service }) => service)])],
    audiences: new Map(named.map(({ url, audiences }) => [url, audiences])),
    profiles: new Map(named.map(({ url, profile }) => [url, profileNamed(profile)])),
    digitsAt: (path: Path) => source.digitsAt(path),
  };
  return {
    revision: content.revision,
    issuers,
    registries: content.registries.map(({ service, url, token, token_seconds, anonymous_pull }) => ({
      service,
      url,
      tokenForm: token,
      tokenSeconds: token_seconds,
      anonymousPull: anonymous_pull,
    })),
    namespaces: content.namespaces.map((namespace, at) =>
      declaredNamespace(namespace, ["namespaces", at], ruleContext),
    ),
  };
}
