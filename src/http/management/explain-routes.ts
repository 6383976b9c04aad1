import * as z from "zod";
import { isJsonObject, type JsonValue } from "../../domain/identity/strict-json.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import {
  type ExplainQuestion,
  type ExplainReason,
  explainMatch,
} from "../../usecases/management/explain-match.ts";
import { defineRoute } from "./define-route.ts";
import { EXPLANATION_EXAMPLE, explanationOnTheWire, explanationSchema } from "./explanation-shape.ts";
import { jsonText } from "./json-text.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import { ROBOT_PATH, robotOf, robotPlace } from "./robot-place.ts";
import type { ManagementRefusal, ManagementRoute } from "./route-definition.ts";

const questionSchema = z
  .strictObject({
    claims: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .meta({
        description:
          "The claims as an object; or as text: JSON, or an identity token whose signature was taken off.",
      }),
    request_id: z.string().max(128).optional().meta({ description: "Of a refused exchange." }),
  })
  .refine(
    ({ claims, request_id }) => (claims === undefined) !== (request_id === undefined),
    "needs claims or request_id, and not both",
  );

const explain = defineRoute({
  ...robotPlace,
  method: "post",
  path: `${ROBOT_PATH}/explain`,
  tag: "near-misses",
  operationId: "explainMatch",
  summary: "Say why an identity token does, or does not, act as a robot account",
  description:
    "Rule by rule, condition by condition. It verifies nothing and uses nothing up. Send no identity token that still opens something: one with a signature is refused.",
  scopes: READ_SCOPES,
  exchanged: true,
  body: {
    schema: questionSchema,
    example: {
      claims: {
        iss: "https://token.actions.githubusercontent.com",
        sub: "repo:acme/app:ref:refs/heads/main",
        repository_id: "4711",
      },
    },
  },
  success: {
    status: 200,
    description: "The explanation. It is full of the rules' values, and for those who may read them.",
    schema: explanationSchema,
    example: EXPLANATION_EXAMPLE,
  },
  errors: ["robot_unknown", "request_unknown"],
  namedInBody: ["request_unknown"],
  handle: async (deps, { params, body, written }) => {
    const explained = await explainMatch(deps, robotOf(params), questionOf(body, written));
    return explained.ok ? ok({ body: explanationOnTheWire(explained.value) }) : err(refusal(explained.error));
  },
});

function questionOf(
  { claims, request_id: requestId = "" }: z.output<typeof questionSchema>,
  written: JsonValue | undefined,
): ExplainQuestion {
  if (claims === undefined) return { kind: "request", requestId };
  if (typeof claims === "string") return { kind: "claims", text: claims };
  const within = isJsonObject(written) ? written.get("claims") : undefined;
  return { kind: "claims", text: within === undefined ? "" : jsonText(within) };
}

function refusal({ reason, detail }: Rejection<ExplainReason>): ManagementRefusal {
  switch (reason) {
    case "token_signed":
      return rejection(
        "request_malformed",
        "the claims hold an identity token with its signature, which still opens something: send its claims alone",
      );
    case "claims_malformed":
      return rejection("request_malformed", `the claims are no claims: ${detail}`);
    default:
      return rejection(reason, detail);
  }
}

export const EXPLAIN_ROUTES: readonly ManagementRoute[] = [explain];
