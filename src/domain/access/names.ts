/** A robot account's full name, as people write it: `acme+builder`. */
export type RobotName = `${string}+${string}`;

/** A repository's path component in the grammar of the OCI distribution specification. */
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const MAX_NAMESPACE_LENGTH = 128;
/** Quay's rule for a robot's short name, and its 2 to 255 characters less the namespace's share. */
const SHORT_NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const MAX_SHORT_NAME_LENGTH = 126;

/** The namespace of repositories whose names have one component. */
export const ROOT_NAMESPACE = "_";

export function isComponent(text: string): boolean {
  return COMPONENT.test(text);
}

/** A namespace is the first component of its repositories' names, so it has their grammar. */
export function isNamespaceName(text: string): boolean {
  return text === ROOT_NAMESPACE || (text.length <= MAX_NAMESPACE_LENGTH && isComponent(text));
}

export function isRobotShortName(text: string): boolean {
  return text.length >= 2 && text.length <= MAX_SHORT_NAME_LENGTH && SHORT_NAME.test(text);
}

/** The parts of `acme+builder`; undefined when it is no robot's name. */
export function splitRobotName(text: string): { namespace: string; shortName: string } | undefined {
  const plus = text.indexOf("+");
  if (plus < 0) return undefined;
  const namespace = text.slice(0, plus);
  const shortName = text.slice(plus + 1);
  return isNamespaceName(namespace) && isRobotShortName(shortName) ? { namespace, shortName } : undefined;
}

export function isRobotName(text: string): text is RobotName {
  return splitRobotName(text) !== undefined;
}

export function robotName(namespace: string, shortName: string): RobotName {
  return `${namespace}+${shortName}`;
}

export function namespaceOfRobot(name: RobotName): string {
  return name.slice(0, name.indexOf("+"));
}
