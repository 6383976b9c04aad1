/** JSON for values that JSON does not have: `undefined` and maps, so that a test sees just what a store answered. */
export function encodeWire(value: unknown): string {
  return JSON.stringify(tag(value));
}

export function decodeWire(text: string): unknown {
  return untag(JSON.parse(text));
}

const TAG = "$wire";

function tag(value: unknown): unknown {
  if (value === undefined) return { [TAG]: "undefined" };
  if (value instanceof Map) return { [TAG]: "map", entries: [...value].map(tag) };
  if (Array.isArray(value)) return value.map(tag);
  return mapFields(value, tag);
}

function untag(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untag);
  if (typeof value !== "object" || value === null || !(TAG in value)) return mapFields(value, untag);
  if (!("entries" in value)) return undefined;
  return new Map(untag(value.entries) as [unknown, unknown][]);
}

function mapFields(value: unknown, change: (field: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, change(field)]));
}
