import { ConfigurationError } from "../configuration-error.ts";
import { robotArgument } from "./api-path.ts";
import type { Invocation } from "./command.ts";

type Values = Invocation["values"];

/** An option's text; undefined where it is not given. */
export function textOption(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The values of an option that may stand several times. */
export function listOption(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** An option's whole number; the API has its bounds. Throws ConfigurationError for anything else. */
export function wholeOption(values: Values, name: string): number | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ConfigurationError([`--${name} takes a whole number`]);
}

/**
 * Where to look: `--robot acme+builder`, by its short name, or `--namespace acme`, or neither. Throws
 * ConfigurationError where the two do not fit together.
 */
export function placeOption(values: Values): { namespace?: string; robot?: string } {
  const namespace = textOption(values, "namespace");
  const text = textOption(values, "robot");
  if (text === undefined) return namespace === undefined ? {} : { namespace };
  const robot = robotArgument(text);
  if (namespace !== undefined && namespace !== robot.namespace) {
    throw new ConfigurationError(["--robot names one of another namespace than --namespace"]);
  }
  return { namespace: robot.namespace, robot: robot.shortName };
}
