import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { Result } from "../../domain/result.ts";
import {
  type NearMissReview,
  type ReviewReason,
  reviewNearMisses,
} from "../../usecases/management/review-near-misses.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";
import { listText, PROPOSAL_FAULTS, proposalText } from "./near-miss-text.ts";

const REFUSALS: Readonly<Record<ReviewReason, string>> = {
  namespace_unknown: "no such namespace",
  store_unavailable: "the store does not answer",
};

export const nearMisses: Command = {
  words: ["near-misses"],
  positionals: ["NAMESPACE"],
  options: { propose: { type: "string" }, json: { type: "boolean" } },
  usage: "[--propose N | --json]",
  summary: "lists verified identity tokens that matched no rule",
  description:
    "Lists what knocked at the robots of NAMESPACE in the last 30 days and matched no rule, as far as a rule names its\ntenant; the others are counted. --propose N prints a rule for the Nth of them, to be read before it is used.",
  example: "berth near-misses acme --propose 1",
  async run({ values, positionals, environment }) {
    const [namespace = ""] = positionals;
    const review = await reviewInStore(environment, namespace);
    if (!review.ok) {
      console.error(`berth: ${REFUSALS[review.error.reason]}`);
      return 1;
    }
    if (typeof values.propose === "string") return propose(review.value, values.propose);
    console.log(values.json === true ? JSON.stringify(review.value, null, 2) : listText(review.value));
    return 0;
  },
};

async function reviewInStore(
  environment: Parameters<typeof readSettings>[0],
  namespace: string,
): Promise<Result<NearMissReview, { readonly reason: ReviewReason }>> {
  const stores = await openStores(readSettings(environment), systemClock);
  try {
    return await reviewNearMisses({ ...stores, clock: systemClock }, namespace);
  } finally {
    stores.close();
  }
}

function propose({ misses }: NearMissReview, number: string): number {
  const miss = /^[1-9]\d*$/.test(number) ? misses[Number(number) - 1] : undefined;
  if (miss === undefined) {
    console.error(`berth: --propose takes a number of the list, 1 to ${misses.length}`);
    return 2;
  }
  if (!miss.proposal.ok) {
    console.error(`berth: ${PROPOSAL_FAULTS[miss.proposal.error]}`);
    return 1;
  }
  console.log(proposalText(miss, miss.proposal.value));
  return 0;
}
