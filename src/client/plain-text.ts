/** All that could move the cursor, hide what follows or turn its direction; a line break could begin a CI command. */
const OBEYED = /[\p{C}\p{Zl}\p{Zp}]/gu;
/**
 * `##[` and `##vso[`: GitHub's and Azure's runners look for such a command in all of a line, and one of Azure's puts a
 * folder on the job's PATH.
 */
const COMMAND = /##(?=\w*\[)/g;
/** A signed token, or the beginning of one. A JOSE header is `{"…` in base64url; another writer's may have a space in it. */
const TOKEN = /eyJ[\w-]*\.[\w-]*(?:\.[\w-]*)?|(?<![\w-])(?:[\w-]{20,}\.){2}[\w-]{20,}/g;
/** The secrets that Berth hands out. */
const SECRET = /\bbr[acp]_[0-9A-Za-z]{8,}/g;
/** User name and password of a URL. */
const USER = /:\/\/[^\s/?#]*@/g;
const MAX_LENGTH = 512;
/** More is not looked at: to search all of a server's answer for tokens takes its length squared. */
const MAX_READ = 4096;

/** A value from outside on one line, fit for a log: bounded, without control characters, commands and secrets. */
export function plain(value: string): string {
  const text = unobeyed(withoutSecrets(value.slice(0, MAX_READ)));
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** A text in which what a terminal or a CI runner would obey stands as its code points. */
export function unobeyed(text: string): string {
  return text.replaceAll(OBEYED, codePoint).replaceAll(COMMAND, `#${codePoint("#")}`);
}

export function withoutSecrets(text: string): string {
  return text
    .replaceAll(TOKEN, "[an identity token]")
    .replaceAll(SECRET, "[a secret]")
    .replaceAll(USER, "://");
}

/** JSON in which the same is escaped as JSON has it, so that it reads back as what it was. */
export function plainJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent)
    .replaceAll(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, jsonEscape)
    .replaceAll(COMMAND, jsonEscape);
}

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Each UTF-16 code unit by itself: RFC 8259 §7. */
function jsonEscape(characters: string): string {
  return [...Array(characters.length).keys()]
    .map((at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
