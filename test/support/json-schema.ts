/** As much of JSON Schema 2020-12 as `openapi.json` uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

/** The named schemas that a `$ref` points to. */
export type NamedSchemas = Readonly<Record<string, JsonSchema>>;

export function resolveSchema(schema: JsonSchema, named: NamedSchemas): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const found = named[schema.$ref.split("/").at(-1) ?? ""];
  if (found === undefined) throw new Error(`${schema.$ref} is not in the document`);
  return resolveSchema(found, named);
}

export function typesOf({ type }: JsonSchema): readonly string[] {
  return type === undefined ? [] : typeof type === "string" ? [type] : type;
}

/**
 * What of `value` the schema does not say; none: it is as documented. Stricter than JSON Schema in one point: where an
 * object's members are listed, another member is a fault, since it is in nobody's document.
 */
export function schemaFaults(
  value: unknown,
  given: JsonSchema,
  named: NamedSchemas,
  path = "",
): readonly string[] {
  const schema = resolveSchema(given, named);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const faults = choices.map((choice) => schemaFaults(value, choice, named, path));
    return faults.some((found) => found.length === 0) ? [] : (faults[0] ?? []);
  }
  const parts = schema.allOf?.flatMap((part) => schemaFaults(value, part, named, path)) ?? [];
  const faults = [...parts, ...valueFaults(value, schema, path)];
  if (faults.length > 0 || schema.allOf !== undefined) return faults;
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => schemaFaults(item, schema.items ?? {}, named, `${path}[${at}]`));
  }
  return typeof value === "object" && value !== null ? objectFaults(value, schema, named, path) : [];
}

function valueFaults(value: unknown, schema: JsonSchema, path: string): readonly string[] {
  const allowed = "const" in schema ? [schema.const] : schema.enum;
  if (allowed !== undefined && !allowed.includes(value)) return [`${path} is none of ${allowed.join(", ")}`];
  const types = typesOf(schema);
  const fits = types.length === 0 || types.some((type) => hasType(value, type));
  return fits ? [] : [`${path} is not ${types.join(" or ")}`];
}

function objectFaults(
  value: object,
  { properties, required = [], additionalProperties }: JsonSchema,
  named: NamedSchemas,
  path: string,
): readonly string[] {
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${path}.${name} is missing`);
  const within = Object.entries(value).flatMap(([name, member]) => {
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) return schemaFaults(member, known, named, `${path}.${name}`);
    if (typeof additionalProperties === "object") {
      return schemaFaults(member, additionalProperties, named, `${path}.${name}`);
    }
    const open = properties === undefined && additionalProperties === undefined;
    return open || additionalProperties === true ? [] : [`${path}.${name} is not in the document`];
  });
  return [...missing, ...within];
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
