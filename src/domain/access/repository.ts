import { isComponent, isNamespaceName, ROOT_NAMESPACE } from "./names.ts";
import { isPattern } from "./pattern.ts";

const MAX_REPOSITORY_LENGTH = 255;

/** Whether `text` is a repository name of the OCI distribution specification: `acme/app`. */
export function isRepositoryName(text: string): boolean {
  return text.length <= MAX_REPOSITORY_LENGTH && text.split("/").every(isComponent);
}

/**
 * Whether `text` is a repository name or a pattern of one: `acme/app`, `acme/*`, `acme/**`. The namespace part
 * is never a pattern, so that a permission belongs to one namespace whatever it matches.
 */
export function isRepositoryPattern(text: string): boolean {
  if (text.length > MAX_REPOSITORY_LENGTH || text.includes("***")) return false;
  const [first = "", ...rest] = text.split("/");
  // A name of one component is in `_`; `**` there would reach into every namespace.
  if (rest.length === 0) return !first.includes("**") && isComponentPattern(first);
  return isNamespaceName(first) && isComponent(first) && rest.every(isComponentPattern);
}

function isComponentPattern(component: string): boolean {
  if (!isPattern(component)) return isComponent(component);
  return /^[a-z0-9._*-]+$/.test(component);
}

/** The namespace that a repository name or pattern belongs to. */
export function namespaceOfRepository(repository: string): string {
  const slash = repository.indexOf("/");
  return slash < 0 ? ROOT_NAMESPACE : repository.slice(0, slash);
}
