import { Document, isScalar, Scalar, visit } from "yaml";

/** What needs no quotes where a key stands. */
const PLAIN_KEY = /^[\w./:@-]+$/;
const OBEYED = /[^\P{C}\n]|[\p{Zl}\p{Zp}]|#(?=#\w*\[)/gu;

/**
 * YAML with every value in double quotes, in which what a terminal or a CI runner would obey stands as its code point
 * (YAML 1.2 §5.7): it reads back as what it was.
 */
export function yamlText(content: unknown): string {
  const document = new Document(content);
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && !PLAIN_KEY.test(String(key.value))) key.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document
    .toString({ lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" })
    .trimEnd()
    .replaceAll(OBEYED, (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`);
}
