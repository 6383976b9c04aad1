import { ACTIONS, type Action } from "./permission.ts";

/** One scope of a token request: `repository:acme/app:pull,push`. Any text may stand in it but the colons. */
export interface DockerScope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** More scopes than any client sends; a bound on work and on the size of the answer. */
export const MAX_SCOPES = 100;

/**
 * The scopes in `values`, each of which may hold several between spaces (RFC 6749 §3.3). Of a name with a port
 * the colon is its own: the type ends at the first colon, the actions begin after the last. Same type and name
 * are merged; what is not a scope (zot's empty name, a stray word) is left out, since clients send such things
 * and go on with what they get.
 */
export function parseDockerScopes(values: readonly string[]): readonly DockerScope[] {
  // One set for each, added to: copying it at each repetition would take the square of a body's length.
  const merged = new Map<string, { type: string; name: string; actions: Set<string> }>();
  for (const text of values.flatMap((value) => value.split(" "))) {
    const scope = parseDockerScope(text);
    if (!scope) continue;
    const key = `${scope.type}:${scope.name}`;
    const held = merged.get(key) ?? { ...scope, actions: new Set<string>() };
    for (const action of scope.actions) held.actions.add(action);
    merged.set(key, held);
  }
  return [...merged.values()].map((scope) => ({ ...scope, actions: [...scope.actions] }));
}

/** One scope, or undefined when `text` is none. */
export function parseDockerScope(text: string): DockerScope | undefined {
  const first = text.indexOf(":");
  const last = text.lastIndexOf(":");
  if (first < 0) return undefined;
  // `repository(plugin)`: the class is advice that no registry reads.
  const type = text.slice(0, first).replace(/\([a-z0-9]*\)$/, "");
  const name = text.slice(first + 1, last);
  const actions = text
    .slice(last + 1)
    .split(",")
    .filter((action) => action !== "");
  return type === "" || name === "" || actions.length === 0 ? undefined : { type, name, actions };
}

/** The actions that a scope asks for; `*` asks for all (skopeo's delete does). */
export function askedActions(scope: DockerScope): readonly Action[] {
  if (scope.actions.includes("*")) return ACTIONS;
  return ACTIONS.filter((action) => scope.actions.includes(action));
}

export function isCatalogScope(scope: DockerScope): boolean {
  return scope.type === "registry" && scope.name === "catalog" && scope.actions.includes("*");
}

export function formatDockerScope(name: string, actions: readonly string[]): string {
  return `repository:${name}:${actions.join(",")}`;
}
