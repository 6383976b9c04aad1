import { stringify } from "yaml";
import { NEAR_MISS_DAYS } from "../../domain/near-miss.ts";
import type { Finding } from "../../domain/rules/rule-finding.ts";
import type { ProposalFault } from "../../domain/rules/rule-proposal.ts";
import type {
  NearMissReview,
  ReviewedNearMiss,
  RuleProposal,
} from "../../usecases/management/review-near-misses.ts";
import { quoted } from "./plain-text.ts";

export const PROPOSAL_FAULTS: Readonly<Record<ProposalFault, string>> = {
  subject_not_kept:
    "its subject holds a mail address and was not kept; BERTH_NEAR_MISS_PERSONAL=true keeps those of later ones",
  wildcard_in_value: "one of its values holds a *, which a rule takes for a pattern; write this rule by hand",
};

/** The list, grouped by robot and tenant; numbers as `--propose` takes them. */
export function listText({ misses, others }: NearMissReview): string {
  const numbered = misses.map((miss, at) => ({ ...miss, number: at + 1 }));
  const groups = Map.groupBy(numbered, ({ miss }) => `${miss.robot}, tenant ${quoted(miss.tenant)}`);
  const lines = [...groups].flatMap(([title, group]) => [title, ...group.flatMap(entryText)]);
  return [
    ...(lines.length === 0 ? [`no near misses in the last ${NEAR_MISS_DAYS} days`] : lines),
    `others, of tenants that no rule names: ${others}`,
  ].join("\n");
}

function entryText({
  number,
  miss,
  at,
  times,
  requestIds,
}: ReviewedNearMiss & { number: number }): readonly string[] {
  const { sub, ...claims } = miss.claims;
  const seen = `${times} ${times === 1 ? "time" : "times"}, last ${new Date(at).toISOString()}`;
  return [
    `  ${number}. ${sub === undefined ? "(subject not kept)" : quoted(sub)}`,
    `     ${seen}, request ${requestIds[0]}`,
    ...(miss.denied === undefined ? [] : [`     refused unless a rule asks for it: ${miss.denied}`]),
    ...Object.entries(claims).map(([name, value]) => `     ${name}: ${quoted(value)}`),
  ];
}

/** One entry of a robot's `rules`, as a declaration file has it, with what to mind before using it. */
export function proposalText({ miss }: ReviewedNearMiss, { rule, findings }: RuleProposal): string {
  const claims = Object.entries(rule.claims).map(([name, [value]]) => [name, value]);
  const entry = {
    issuer: rule.issuer,
    subject: rule.subject,
    ...(claims.length === 0 ? {} : { claims: Object.fromEntries(claims) }),
    ttl_seconds: rule.ttlSeconds,
  };
  const comments = [
    `For the rules of ${miss.robot}. Whoever can start a job of this tenant can cause a proposal: read it,`,
    "and make sure that the job is yours and should push. Then run `berth check` on the file.",
    ...(miss.denied === undefined ? [] : [DENIED, `  ${miss.denied}`]),
    ...findings.map(findingText),
  ];
  return `${comments.map((text) => `# ${text}`).join("\n")}\n${yaml([entry])}`;
}

function findingText({ level, code, at, sentence, mend }: Finding): string {
  return `${level}: ${at.join(".") || "rule"} ${sentence}; ${mend} [${code}]`;
}

const DENIED =
  "Its kind of job is refused until a rule names the claim that tells it, which this one does not:";

/** Every value in double quotes, in which what a terminal would not show stands as its code point (YAML 1.2 §5.7). */
function yaml(content: unknown): string {
  return stringify(content, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" })
    .trimEnd()
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
      character === "\n" ? character : `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`,
    );
}
