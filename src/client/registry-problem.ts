import { type ClientProblem, clientProblem } from "./client-problem.ts";

/** For a text that is no registry's name. User name and password may stand before a host, and are not told. */
export function malformedRegistry(text: string): ClientProblem {
  return clientProblem("registry_malformed", { registry: text.replace(/^.*@/s, "") });
}
