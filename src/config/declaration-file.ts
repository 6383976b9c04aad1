import * as z from "zod";
import type { Declaration } from "../domain/accounts/declaration.ts";
import { profileNamed } from "../domain/identity/profiles/all.ts";
import { err } from "../domain/result.ts";
import { type DeclarationContent, declarationSchema } from "./declaration-schema.ts";
import { declaredIssuer } from "./declared-issuer.ts";
import { declaredNamespace, reportRepeated } from "./declared-namespace.ts";
import type { ReadFile } from "./environment.ts";
import { describeIssue } from "./issue-message.ts";
import type { Path, Problem, Report } from "./problem.ts";
import { ruleProblems } from "./rule-problems.ts";
import { suggestion } from "./spelling.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

/** What a declaration is read with. */
export interface DeclarationContext {
  /** What the file leaves out. */
  readonly defaults: { readonly publicUrl: string };
  /** Reads a file that the declaration names; a relative path is relative to the declaration's own folder. */
  readonly readFile: ReadFile;
}

/** A good declaration with what could be better in it; or what is wrong, in the order of the file's lines. */
export type ParsedDeclaration =
  | { readonly ok: true; readonly value: Declaration; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly error: readonly Problem[] };

/**
 * The declaration that a file's text (YAML or JSON) holds, or what is wrong with it. First its syntax, then its
 * form, then how its parts fit together, then what its rules let in: each only when the one before is right.
 */
export function parseDeclaration(text: string, context: DeclarationContext): ParsedDeclaration {
  const source = readYaml(text);
  if (!source.ok) return err(source.error.toSorted(byPlace));
  const content = declarationSchema.safeParse(source.value.data, { error: describeIssue });
  if (!content.success) {
    return err(content.error.issues.flatMap((issue) => problemsOf(issue, source.value)).toSorted(byPlace));
  }
  const problems: Problem[] = [];
  const report: Report = (path, message) => problems.push(source.value.problemAt(path, message));
  const declaration = declared(content.data, source.value, report, context);
  if (problems.length > 0) return err(problems.toSorted(byPlace));
  const { refused, warnings } = ruleProblems(declaration, source.value);
  if (refused.length > 0) return err(refused.toSorted(byPlace));
  return { ok: true, value: declaration, warnings: warnings.toSorted(byPlace) };
}

function byPlace(left: Problem, right: Problem): number {
  return left.line - right.line || left.column - right.column;
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
  content: DeclarationContent,
  source: YamlSource,
  report: Report,
  { defaults, readFile }: DeclarationContext,
): Declaration {
  reportRepeated(content.issuers, "url", ["issuers"], report);
  reportRepeated(content.registries, "service", ["registries"], report);
  reportRepeated(content.namespaces, "name", ["namespaces"], report);
  const issuers = content.issuers.map((issuer, at) =>
    declaredIssuer(issuer, ["issuers", at], { report, readFile, publicUrl: defaults.publicUrl }),
  );
  const ruleContext = {
    report,
    registries: [...new Set(content.registries.map(({ service }) => service))],
    audiences: new Map(issuers.map(({ url, audiences }) => [url, audiences])),
    profiles: new Map(issuers.map(({ url, profile }) => [url, profileNamed(profile)])),
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
