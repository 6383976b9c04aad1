import type * as z from "zod";
import { apiCommand } from "./api-command.ts";
import { listAll } from "./api-list.ts";
import { apiPath } from "./api-path.ts";
import { listText, nearMissList, PROPOSAL_FAULTS, proposalText } from "./near-miss-text.ts";
import { textOption } from "./options.ts";
import { show, understood } from "./show.ts";

export const nearMisses = apiCommand({
  words: ["near-misses"],
  positionals: ["NAMESPACE"],
  options: { propose: { type: "string" }, json: { type: "boolean" } },
  usage: "[--propose N | --json]",
  summary: "lists verified identity tokens that matched no rule",
  description:
    "Lists what knocked at the robots of NAMESPACE in the last 30 days and matched no rule, as far as a rule names its\ntenant; the others are counted. --propose N prints a rule for the Nth of them, to be read before it is used.",
  example: "berth near-misses acme --propose 1",
  async run(api, { values, positionals: [namespace = ""] }) {
    const listed = await listAll(api, apiPath`/namespaces/${namespace}/near-misses`, "near_misses");
    const number = textOption(values, "propose");
    if (number === undefined || !listed.ok) {
      return show(listed, { shape: nearMissList, json: values.json, text: listText });
    }
    const read = understood(listed.value.body, nearMissList);
    return read === undefined ? 1 : propose(read, number);
  },
});

function propose({ near_misses: misses }: z.output<typeof nearMissList>, number: string): number {
  const miss = /^[1-9]\d*$/.test(number) ? misses[Number(number) - 1] : undefined;
  if (miss === undefined) {
    console.error(`berth: --propose takes a number of the list, 1 to ${misses.length}`);
    return 2;
  }
  const { proposal, no_proposal: fault } = miss;
  if (proposal === undefined) {
    console.error(`berth: ${fault === undefined ? "there is no proposal for it" : PROPOSAL_FAULTS[fault]}`);
    return 1;
  }
  console.log(proposalText(miss, proposal));
  return 0;
}
