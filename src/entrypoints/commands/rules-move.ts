import { apiCommand } from "./api-command.ts";
import { robotPath } from "./api-path.ts";
import { tellRefusal } from "./api-refusal.ts";
import { textOption } from "./options.ts";
import { ruleList, ruleListText } from "./rules.ts";
import { show, understood } from "./show.ts";

export const rulesMove = apiCommand({
  words: ["rules", "move"],
  positionals: ["ROBOT", "RULE"],
  options: { before: { type: "string" }, last: { type: "boolean" }, json: { type: "boolean" } },
  usage: "--before RULE | --last [--json]",
  summary: "moves a rule among those of its robot account",
  description:
    "Puts the rule of that id before another one, or behind all. The first rule that matches decides what an identity\ntoken earns. Ends nothing that was earned.",
  example: "berth rules move acme+builder q83vEjRWeJCrze8SNFZ4kA --before mIyy5fqAQMmK2Zz0xM1VTw",
  async run(api, { values, positionals: [robot, id = ""] }) {
    const path = `${robotPath(robot)}/rules`;
    const before = textOption(values, "before");
    if ((before === undefined) === (values.last !== true)) {
      console.error("berth: give one of --before RULE and --last");
      return 2;
    }
    const listed = await api.call("GET", path);
    if (!listed.ok) return tellRefusal(listed.error);
    const read = understood(listed.value.body, ruleList);
    if (read === undefined) return 1;
    const ids = moved(
      read.rules.map((saved) => saved.id),
      id,
      before,
    );
    if (ids === undefined) {
      console.error("berth: the robot account has no such rule; `berth rules list` shows their ids");
      return 1;
    }
    // Of the list that was read: a rule that came meanwhile must not be pushed anywhere by it.
    const { version } = listed.value;
    const condition = version === undefined ? {} : { ifMatch: version };
    const ordered = await api.call("PUT", path, { body: { ids }, ...condition });
    return show(ordered, { shape: ruleList, json: values.json, text: ruleListText });
  },
});

/** Undefined where one of the two is not there. */
function moved(
  ids: readonly string[],
  id: string,
  before: string | undefined,
): readonly string[] | undefined {
  const others = ids.filter((other) => other !== id);
  const at = before === undefined ? others.length : others.indexOf(before);
  if (others.length === ids.length || at < 0) return undefined;
  return others.toSpliced(at, 0, id);
}
