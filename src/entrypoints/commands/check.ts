import type { Declaration } from "../../domain/accounts/declaration.ts";
import { readDeclaration } from "../declaration.ts";
import type { Command } from "./command.ts";

/** Where no public URL is set, audiences default to this: a check must not need a server's settings. */
const PLACEHOLDER_URL = "https://berth.example.com";
const EXIT_WARNED = 2;

export const check: Command = {
  words: ["check"],
  positionals: ["FILE"],
  options: { strict: { type: "boolean" } },
  usage: "[--strict]",
  summary: "validates a declaration file, without a server or a store",
  description:
    "Reads FILE and prints every problem as file:line:column: path: message. Exit code 0: no problem; 2: some.\nWhat could be safer is a warning, which only --strict counts as a problem. docs/rule-findings.md explains each\nword in brackets. BERTH_PUBLIC_URL, where it is set, is the audience that issuers default to.",
  example: "berth check berth.yaml",
  async run({ values, positionals, environment }) {
    const [file = ""] = positionals;
    const publicUrl = environment.BERTH_PUBLIC_URL ?? PLACEHOLDER_URL;
    const { declaration, warnings } = readDeclaration(file, publicUrl);
    for (const warning of warnings) console.error(`warning: ${warning}`);
    const verdict = warnings.length === 0 ? "no problems" : `no problems, ${count(warnings, "warning")}`;
    console.log(`${file}: ${contents(declaration)}: ${verdict}`);
    return values.strict === true && warnings.length > 0 ? EXIT_WARNED : 0;
  },
};

function contents({ issuers, registries, namespaces }: Declaration): string {
  const robots = namespaces.flatMap((namespace) => namespace.robots);
  const rules = robots.flatMap((robot) => robot.rules);
  return [
    count(issuers, "issuer"),
    count(registries, "registry", "registries"),
    count(namespaces, "namespace"),
    count(robots, "robot account"),
    count(rules, "rule"),
  ].join(", ");
}

function count(list: readonly unknown[], one: string, many = `${one}s`): string {
  return `${list.length} ${list.length === 1 ? one : many}`;
}
