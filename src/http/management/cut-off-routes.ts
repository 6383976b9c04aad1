import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { cutOff } from "../../usecases/management/cut-off.ts";
import type { CutOffTarget } from "../../usecases/management/cut-off-target.ts";
import { defineRoute } from "./define-route.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import { namespaceField, robotField } from "./path-fields.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { ruleIdField } from "./rules-routes.ts";
import { timeField } from "./wire-time.ts";
import { withoutUndefined } from "./without-undefined.ts";

const MAX_SECRET_LENGTH = 256;

const targetSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("credential"), id: z.string().max(64) }),
  z.strictObject({
    kind: z.literal("secret"),
    secret: z
      .string()
      .max(MAX_SECRET_LENGTH)
      .meta({ description: "A credential, a robot token or an API token, as it was found." }),
    robot: robotField.optional().meta({ description: "Whose robot token it is, if that is known." }),
  }),
  z.strictObject({ kind: z.literal("robot"), robot: robotField }),
  z.strictObject({ kind: z.literal("rule"), robot: robotField, rule_id: ruleIdField }),
  z.strictObject({ kind: z.literal("namespace"), namespace: namespaceField }),
  z.strictObject({
    kind: z.literal("issuer"),
    url: z.string().max(512),
    since: timeField.optional().meta({ description: "Only what was earned at or after it; else all." }),
  }),
  z.strictObject({ kind: z.literal("everything") }),
]);

const cut = defineRoute({
  method: "post",
  path: "/cut-off",
  tag: "credentials",
  operationId: "cutOff",
  summary: "End credentials, tokens, or all that was earned by one way",
  description:
    "In force when this has answered; registry tokens that are out live on for five minutes at most. It leaves rules and issuers as they are: disable first who was let in wrongly. `credential`, `robot`, `rule`, `namespace` need `credentials:revoke` there, `issuer` and `everything` need `super:user`; a secret may be shown by anyone who has an API token.",
  scopes: "any",
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  body: { schema: targetSchema, example: { kind: "robot", robot: "acme+builder" } },
  success: {
    status: 200,
    description: "What has ended, and what has not.",
    schema: z.object({
      ended: z
        .union([z.int(), z.literal("all")])
        .meta({ description: "How many records; `all`: uncounted." }),
      what: z.string(),
    }),
    example: {
      ended: "all",
      what: "everything that identity tokens earned with robot acme+builder; its robot token, if it has one, stays",
    },
  },
  errors: [
    "namespace_unknown",
    "robot_unknown",
    "rule_unknown",
    "issuer_unknown",
    "credential_unknown",
    "conflict",
  ],
  namedInBody: ["namespace_unknown", "robot_unknown", "rule_unknown", "issuer_unknown", "credential_unknown"],
  handle: async (deps, { body, context }) => {
    const ended = await cutOff(deps, targetOf(body), context);
    return ended.ok ? ok({ body: ended.value }) : ended;
  },
});

function targetOf(body: z.output<typeof targetSchema>): CutOffTarget {
  switch (body.kind) {
    case "secret":
      return withoutUndefined({ kind: body.kind, text: body.secret, robot: body.robot });
    case "robot":
      return { kind: body.kind, name: body.robot };
    case "rule":
      return { kind: body.kind, robot: body.robot, ruleId: body.rule_id };
    case "namespace":
      return { kind: body.kind, name: body.namespace };
    case "issuer": {
      const since = body.since === undefined ? undefined : Math.floor(body.since / 1000);
      return withoutUndefined({ kind: body.kind, url: body.url, since });
    }
    default:
      return body;
  }
}

export const CUT_OFF_ROUTES: readonly ManagementRoute[] = [cut];
