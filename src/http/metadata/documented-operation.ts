import type { OpenApiDocument, OpenApiPaths } from "./openapi-type.ts";

type PathItem = OpenApiPaths[string];
type Operation = NonNullable<PathItem["get"]>;
type Media = Readonly<Record<string, { readonly schema?: object; readonly example?: unknown }>>;

interface DocumentedField {
  readonly name: string;
  readonly place: string;
  readonly required: boolean;
  readonly description: string;
}

/** An operation of the document, as a page shows it. */
export interface DocumentedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Who may, as a sentence; absent where the document says nothing of scopes. */
  readonly access?: string;
  readonly fields: readonly DocumentedField[];
  readonly requestExample?: unknown;
  readonly answers: readonly { readonly status: string; readonly description: string }[];
  readonly answerExample?: unknown;
}

const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/** Every operation under its first tag, in the document's order. */
export function operationsByTag(
  document: OpenApiDocument,
): ReadonlyMap<string, readonly DocumentedOperation[]> {
  const tagged = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined
        ? []
        : [{ tag: operation.tags?.[0] ?? "other", shown: shownOperation(method, path, operation) }];
    }),
  );
  const groups = Map.groupBy(tagged, ({ tag }) => tag);
  return new Map([...groups].map(([tag, members]) => [tag, members.map(({ shown }) => shown)]));
}

function shownOperation(method: string, path: string, operation: Operation): DocumentedOperation {
  const { operationId = `${method} ${path}`, summary = operationId, description, requestBody } = operation;
  const body = mediaOf(requestBody);
  const responses = Object.entries<object>(operation.responses ?? {});
  const requestExample = exampleOf(body);
  const [, success] = responses.find(([status]) => status.startsWith("2")) ?? [];
  const answerExample = exampleOf(mediaOf(success));
  const access = accessOf(operation);
  return {
    id: operationId,
    method,
    path,
    summary,
    fields: [...parametersOf(operation), ...formFieldsOf(body)],
    answers: responses.map(([status, response]) => ({
      status,
      description: textOf(response, "description"),
    })),
    ...(description === undefined ? {} : { description }),
    ...(access === undefined ? {} : { access }),
    ...(requestExample === undefined ? {} : { requestExample }),
    ...(answerExample === undefined ? {} : { answerExample }),
  };
}

function accessOf(operation: Operation): string | undefined {
  const scopes: unknown = operation["x-required-scopes"];
  if (!Array.isArray(scopes)) return undefined;
  const needed = scopes.length === 0 ? "Any API token" : `API token with ${scopes.join(" or ")}`;
  const exchanged = operation["x-exchanged-token"] === true ? "" : "; not one that an identity token earned";
  return `${needed}${exchanged}.`;
}

function parametersOf({ parameters = [] }: Operation): readonly DocumentedField[] {
  return parameters.flatMap((parameter) =>
    "name" in parameter
      ? [
          {
            name: parameter.name,
            place: parameter.in,
            required: parameter.required ?? false,
            description: parameter.description ?? "",
          },
        ]
      : [],
  );
}

/** Fields of a form; a JSON body is shown by its example. */
function formFieldsOf(media: Media): readonly DocumentedField[] {
  const schema = media["application/x-www-form-urlencoded"]?.schema;
  if (schema === undefined || !("properties" in schema)) return [];
  const required: readonly unknown[] =
    "required" in schema && Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    place: "form",
    required: required.includes(name),
    description: textOf(field, "description"),
  }));
}

function mediaOf(holder: unknown): Media {
  return typeof holder === "object" && holder !== null && "content" in holder
    ? (holder.content as Media)
    : {};
}

function exampleOf(media: Media): unknown {
  return media["application/json"]?.example;
}

function textOf(holder: unknown, member: string): string {
  const value = typeof holder === "object" && holder !== null ? Object.entries(holder) : [];
  return String(value.find(([name]) => name === member)?.[1] ?? "");
}
