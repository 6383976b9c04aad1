import * as z from "zod";
import { NEAR_MISS_DAYS } from "../../domain/near-miss.ts";
import { findingSchema, findingText } from "./api-refusal.ts";
import { plain, quoted } from "./plain-text.ts";
import { timeText } from "./table.ts";
import { yamlText } from "./yaml-text.ts";

const faults = z.enum(["subject_not_kept", "wildcard_in_value"]);
const rule = z.object({
  issuer: z.string(),
  subject: z.string(),
  claims: z.record(z.string(), z.array(z.string())),
  ttl_seconds: z.int(),
});
const proposal = z.object({ rule, findings: z.array(findingSchema) });
const nearMiss = z.object({
  robot: z.string(),
  tenant: z.string(),
  claims: z.record(z.string(), z.string()),
  denied: z.string().optional(),
  seen_at: z.string(),
  times: z.int(),
  request_ids: z.array(z.string()),
  proposal: proposal.optional(),
  no_proposal: faults.optional(),
});

/** What of the API's list is shown. */
export const nearMissList = z.object({ near_misses: z.array(nearMiss), strangers: z.int() });
type NearMissList = z.output<typeof nearMissList>;
type ShownNearMiss = z.output<typeof nearMiss>;

export const PROPOSAL_FAULTS: Readonly<Record<z.output<typeof faults>, string>> = {
  subject_not_kept:
    "its subject holds a mail address and was not kept; BERTH_NEAR_MISS_PERSONAL=true keeps those of later ones",
  wildcard_in_value: "one of its values holds a *, which a rule takes for a pattern; write this rule by hand",
};

/** The list, grouped by robot and tenant; numbers as `--propose` takes them. */
export function listText({ near_misses: misses, strangers }: NearMissList): string {
  const numbered = misses.map((miss, at) => ({ ...miss, number: at + 1 }));
  const groups = Map.groupBy(numbered, ({ robot, tenant }) => `${robot}, tenant ${quoted(tenant)}`);
  const lines = [...groups].flatMap(([title, group]) => [title, ...group.flatMap(entryText)]);
  return [
    ...(lines.length === 0 ? [`no near misses in the last ${NEAR_MISS_DAYS} days`] : lines),
    `others, of tenants that no rule names: ${strangers}`,
  ]
    .map(plain)
    .join("\n");
}

function entryText(miss: ShownNearMiss & { number: number }): readonly string[] {
  const { sub, ...claims } = miss.claims;
  const { times, number } = miss;
  const seen = `${times} ${times === 1 ? "time" : "times"}, last ${timeText(miss.seen_at)}`;
  return [
    `  ${number}. ${sub === undefined ? "(subject not kept)" : quoted(sub)}`,
    `     ${seen}, request ${miss.request_ids[0]}`,
    ...(miss.denied === undefined ? [] : [`     refused unless a rule asks for it: ${miss.denied}`]),
    ...Object.entries(claims).map(([name, value]) => `     ${name}: ${quoted(value)}`),
  ];
}

/** One entry of a robot's `rules`, as a declaration file has it, with what to mind before using it. */
export function proposalText(
  miss: ShownNearMiss,
  { rule: proposed, findings }: z.output<typeof proposal>,
): string {
  const claims = Object.entries(proposed.claims).map(([name, [value]]) => [name, value]);
  const entry = {
    issuer: proposed.issuer,
    subject: proposed.subject,
    ...(claims.length === 0 ? {} : { claims: Object.fromEntries(claims) }),
    ttl_seconds: proposed.ttl_seconds,
  };
  const comments = [
    `For the rules of ${miss.robot}. Whoever can start a job of this tenant can cause a proposal: read it,`,
    "and make sure that the job is yours and should push. Then run `berth check` on the file.",
    ...(miss.denied === undefined ? [] : [DENIED, `  ${miss.denied}`]),
    ...findings.map(findingText),
  ];
  return `${comments.map((text) => `# ${plain(text)}`).join("\n")}\n${yamlText([entry])}`;
}

const DENIED =
  "Its kind of job is refused until a rule names the claim that tells it, which this one does not:";
