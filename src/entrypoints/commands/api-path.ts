import { splitRobotName } from "../../domain/access/names.ts";
import { ConfigurationError } from "../configuration-error.ts";

/**
 * A path of the management API; each value in it stands as one segment, whatever it holds. Throws ConfigurationError
 * for one that a URL would take for a step up, or that is empty: the path would be another one.
 */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, at) => `${path}${segment(values[at - 1] ?? "")}${part}`);
}

function segment(value: string): string {
  if (["", ".", ".."].includes(value)) throw new ConfigurationError([`"${value}" is no name`]);
  return encodeURIComponent(value);
}

/** A robot account's name and its parts. Throws ConfigurationError where `text` is none. */
export function robotArgument(text = ""): { namespace: string; shortName: string } {
  const parts = splitRobotName(text);
  if (parts !== undefined) return parts;
  throw new ConfigurationError(["a robot account is named NAMESPACE+NAME, like acme+builder"]);
}

/** `/namespaces/acme/robots/builder` */
export function robotPath(text: string | undefined): string {
  const { namespace, shortName } = robotArgument(text);
  return apiPath`/namespaces/${namespace}/robots/${shortName}`;
}
