import { readFileSync } from "node:fs";
import { isMap, isScalar, parseAllDocuments, visit } from "yaml";

/** A hidden job of a GitLab configuration file, with the parts that Berth's templates have. */
export interface GitlabTemplate {
  readonly variables: Readonly<Record<string, string>>;
  readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
  readonly before_script: readonly string[];
  readonly after_script: readonly string[];
}

export interface ComponentInput {
  readonly description: string;
  readonly default?: string;
  readonly options?: readonly string[];
  readonly regex?: string;
}

export const COMPONENT = "templates/login/template.yml";
export const PLAIN_TEMPLATE = "ci/gitlab/berth.gitlab-ci.yml";

/** The inputs that a component declares in its first document. */
export function componentInputs(): Readonly<Record<string, ComponentInput>> {
  const header: unknown = documentsOf(COMPONENT)[0]?.toJS();
  return (header as { spec: { inputs: Record<string, ComponentInput> } }).spec.inputs;
}

/** The job `.berth` of either file, with `inputs` put in where GitLab puts them. */
export function berthJob(file: string, inputs: Readonly<Record<string, string>> = {}): GitlabTemplate {
  const document = documentsOf(file).at(-1);
  if (document === undefined || !isMap(document.contents)) throw new Error(`${file} holds no mapping`);
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === "string") node.value = withInputs(node.value, inputs);
    },
  });
  return (document.toJS() as { ".berth": GitlabTemplate })[".berth"];
}

function withInputs(text: string, inputs: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g, (_whole, name: string) => {
    const value = inputs[name] ?? componentInputs()[name]?.default;
    if (value === undefined) throw new Error(`the input ${name} has no value`);
    return value;
  });
}

function documentsOf(file: string) {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) throw new Error(`${file} is empty`);
  for (const { errors } of documents) if (errors[0] !== undefined) throw errors[0];
  return documents;
}
