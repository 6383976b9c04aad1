import { stringify } from "yaml";

/**
 * YAML with every value in double quotes, in which what a terminal would obey stands as its code point (YAML 1.2
 * §5.7): it reads back as what it was.
 */
export function yamlText(content: unknown): string {
  return stringify(content, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" })
    .trimEnd()
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
      character === "\n" ? character : `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`,
    );
}
