import { isJsonObject, JsonNumber, type JsonValue } from "../../domain/identity/strict-json.ts";

/** JSON text of a strictly parsed value: each number by the digits that were written. */
export function jsonText(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.digits;
  if (isJsonObject(value)) {
    const members = [...value].map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner)}`);
    return `{${members.join(",")}}`;
  }
  return Array.isArray(value) ? `[${value.map(jsonText).join(",")}]` : JSON.stringify(value);
}
