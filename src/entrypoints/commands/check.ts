import { readDeclaration } from "../declaration.ts";
import type { Command } from "./command.ts";

/** Where no public URL is set, audiences default to this: a check must not need a server's settings. */
const PLACEHOLDER_URL = "https://berth.example.com";

export const check: Command = {
  words: ["check"],
  positionals: ["FILE"],
  options: {},
  usage: "",
  summary: "validates a declaration file, without a server or a store",
  description:
    "Reads FILE and prints every problem as file:line:column: path: message. Exit code 0: no problem; 2: some.\nBERTH_PUBLIC_URL, where it is set, is the audience that issuers default to.",
  example: "berth check berth.yaml",
  async run({ positionals, environment }) {
    const [file = ""] = positionals;
    const { issuers, registries, namespaces } = readDeclaration(
      file,
      environment.BERTH_PUBLIC_URL ?? PLACEHOLDER_URL,
    );
    const robots = namespaces.flatMap((namespace) => namespace.robots);
    const rules = robots.flatMap((robot) => robot.rules);
    console.log(
      `${file}: ${count(issuers, "issuer")}, ${count(registries, "registry", "registries")}, ${count(namespaces, "namespace")}, ${count(robots, "robot account")}, ${count(rules, "rule")}: no problems`,
    );
    return 0;
  },
};

function count(list: readonly unknown[], one: string, many = `${one}s`): string {
  return `${list.length} ${list.length === 1 ? one : many}`;
}
