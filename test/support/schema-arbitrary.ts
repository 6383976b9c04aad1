import fc from "fast-check";
import { type JsonSchema, type NamedSchemas, resolveSchema, typesOf } from "./json-schema.ts";

const ODD_TEXT = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", " ", "__proto__", "constructor", "*", "**", "../..", "a".repeat(3000), "é", "\u0000"),
);

/**
 * Values of a schema, and near it: `words` are texts that mean something to the server, so that a request gets past
 * the first check now and then.
 */
export function arbitraryOf(
  given: JsonSchema,
  named: NamedSchemas,
  words: fc.Arbitrary<string>,
): fc.Arbitrary<unknown> {
  const schema = resolveSchema(given, named);
  const inner = (part: JsonSchema) => arbitraryOf(part, named, words);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = typesOf(schema).map((type) => ofType(type, schema, inner, words));
  return types.length === 0 ? fc.jsonValue({ maxDepth: 2 }) : fc.oneof(...types);
}

function ofType(
  type: string,
  schema: JsonSchema,
  inner: (part: JsonSchema) => fc.Arbitrary<unknown>,
  words: fc.Arbitrary<string>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case "object":
      return objectOf(schema, inner, words);
    case "array":
      return fc.array(inner(schema.items ?? {}), { maxLength: 3 });
    case "string":
      return textOf(schema, words);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function objectOf(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  inner: (part: JsonSchema) => fc.Arbitrary<unknown>,
  words: fc.Arbitrary<string>,
): fc.Arbitrary<object> {
  const members = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, inner(part)]));
  const known = fc.record(members, { requiredKeys: [...required] });
  if (typeof additionalProperties !== "object") return known;
  const others = fc.dictionary(words, inner(additionalProperties), { maxKeys: 3 });
  return fc.tuple(known, others).map(([left, right]) => ({ ...right, ...left }));
}

function textOf({ examples = [] }: JsonSchema, words: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const shown = examples.length === 0 ? words : fc.constantFrom(...examples);
  return fc.oneof(
    { weight: 4, arbitrary: shown },
    { weight: 3, arbitrary: words },
    { weight: 1, arbitrary: ODD_TEXT },
  );
}

function numberOf({ minimum = 0, maximum = minimum + 1000 }: JsonSchema): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: minimum, max: maximum }) },
    fc.constantFrom(minimum - 1, maximum + 1, -0, 1e308, Number.MAX_SAFE_INTEGER, 0.5),
  );
}

/** A value of the schema, now and then with a member too many, too few, or of another kind. */
export function nearlyOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: value },
    {
      weight: 1,
      arbitrary: fc.tuple(value, fc.nat(), fc.jsonValue({ maxDepth: 2 }), fc.nat(2)).map(changed),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
}

function changed([value, place, other, way]: [unknown, number, unknown, number]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return other;
  const names = Object.keys(value);
  const name = names[place % Math.max(names.length, 1)] ?? "surprise";
  if (way === 0) return { ...value, surprise: other };
  const rest = Object.fromEntries(Object.entries(value).filter(([member]) => member !== name));
  return way === 1 ? rest : { ...rest, [name]: other };
}
