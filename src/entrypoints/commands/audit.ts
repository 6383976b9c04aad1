import * as z from "zod";
import { plainJson } from "../../client/plain-text.ts";
import type { ApiRequest } from "./api-client.ts";
import { apiCommand } from "./api-command.ts";
import { apiPath } from "./api-path.ts";
import { tellRefusal } from "./api-refusal.ts";
import { followAudit } from "./audit-follow.ts";
import { readNewest } from "./audit-pages.ts";
import { auditRowText, auditTableText } from "./audit-text.ts";
import type { Command, Invocation } from "./command.ts";
import { placeOption, textOption, wholeOption } from "./options.ts";
import { show } from "./show.ts";

const DEFAULT_LIMIT = 100;

const audit = apiCommand({
  words: ["audit"],
  positionals: [],
  options: {
    namespace: { type: "string" },
    robot: { type: "string" },
    kind: { type: "string" },
    reason: { type: "string" },
    credential: { type: "string" },
    request: { type: "string" },
    run: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    limit: { type: "string" },
    follow: { type: "boolean" },
    json: { type: "boolean" },
  },
  usage:
    "[--namespace N | --robot ROBOT] [--kind K] [--reason R] [--credential ID] [--request ID] [--run ID] [--since TIME] [--until TIME] [--limit N] [--follow] [--json]",
  summary: "reads the audit record",
  description:
    "Shows the newest events first, 100 of them unless --limit says otherwise, that are all of what the options ask for.\n--run takes the id of a CI run, or another value of the provenance; TIME is one of RFC 3339. --follow shows new events\nas they come, until it is interrupted. --json gives JSON lines, with what a change did before and after.",
  example: "berth audit --robot acme+builder --kind exchange.refused --since 2026-03-01T00:00:00Z",
  async run(api, { values }) {
    const { path, query } = questionOf(values);
    const text = values.json === true ? (event: object) => plainJson(event) : auditRowText;
    if (values.follow === true) {
      return followAudit({ api, path, query, print: (event) => console.log(text(event)) });
    }
    const limit = wholeOption(values, "limit") ?? DEFAULT_LIMIT;
    const read = await readNewest(api, path, query, limit);
    if (!read.ok) return tellRefusal(read.error);
    const { events, more } = read.value;
    if (values.json === true) for (const event of events) console.log(plainJson(event));
    else console.log(auditTableText(events));
    if (more) console.error(`older events are left out; --limit N shows more than ${limit}`);
    return 0;
  },
});

interface Question {
  readonly path: string;
  readonly query: NonNullable<ApiRequest["query"]>;
}

/** Of a namespace's own record where one is named: whoever may read that one alone may read it so. */
function questionOf(values: Invocation["values"]): Question {
  const { namespace, robot } = placeOption(values);
  return {
    path: namespace === undefined ? "/audit" : apiPath`/namespaces/${namespace}/audit`,
    query: {
      robot,
      kind: textOption(values, "kind"),
      reason: textOption(values, "reason"),
      credential_id: textOption(values, "credential"),
      request_id: textOption(values, "request"),
      run: textOption(values, "run"),
      since: textOption(values, "since"),
      until: textOption(values, "until"),
    },
  };
}

const auditPurge = apiCommand({
  words: ["audit", "purge"],
  positionals: [],
  options: { subject: { type: "string" }, yes: { type: "boolean" } },
  usage: "--subject SUB --yes",
  summary: "removes what is recorded of one subject",
  description:
    "Removes the events and the near misses of identity tokens with that `sub`, for a person who has a right to it. An audit\nfile is not reached. What is gone does not come back, so it wants --yes. For super:user.",
  example: "berth audit purge --subject project_path:alice/app:ref_type:branch:ref:main --yes",
  async run(api, { values }) {
    const subject = textOption(values, "subject");
    if (subject === undefined || values.yes !== true) {
      console.error("berth: give --subject SUB, and --yes, since nothing brings it back");
      return 2;
    }
    const purged = await api.call("POST", "/audit/purge", { body: { subject } });
    return show(purged, {
      shape: z.object({ removed: z.int() }),
      json: false,
      text: ({ removed }) => `removed: ${removed}`,
    });
  },
});

/** The longer words first: `audit` is where `audit purge` begins. */
export const AUDIT_COMMANDS: readonly Command[] = [auditPurge, audit];
