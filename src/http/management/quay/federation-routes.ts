import * as z from "zod";
import { robotName } from "../../../domain/access/names.ts";
import { ok } from "../../../domain/result.ts";
import { MAX_RULES_PER_ROBOT } from "../../../domain/rules/federation-rule.ts";
import {
  clearFederation,
  readFederation,
  replaceFederation,
} from "../../../usecases/management/replace-federation.ts";
import { defineRoute } from "../define-route.ts";
import { READ_SCOPES } from "../read-scopes.ts";
import type { ManagementRoute } from "../route-definition.ts";
import type { OneRobot, RobotOwner } from "./robot-owner.ts";

/** Quay's own sentences, which scripts may look for. */
const MISSING = "Missing one or more required fields (issuer, subject)";
const NO_URL = "Issuer must be a URL (http:// or https://)";
const MAX_FIELD_LENGTH = 2048;

const required = z.string({ error: MISSING }).min(1, MISSING).max(MAX_FIELD_LENGTH);
const entries = z
  .array(z.object({ issuer: required.regex(/^https?:\/\//, NO_URL), subject: required }, { error: MISSING }))
  .max(MAX_RULES_PER_ROBOT)
  .meta({ id: "QuayFederation" });
const EXAMPLE = [
  {
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:acme@42/app@4711:ref:refs/heads/main",
  },
];

/** Quay's federation API: the rules of a robot, by issuer and subject alone. */
export function federationRoutes<List, One extends OneRobot>(
  owner: RobotOwner<List, One>,
): readonly ManagementRoute[] {
  return [getRoute(owner), replaceRoute(owner), clearRoute(owner)];
}

function placeOf<List, One extends OneRobot>(owner: RobotOwner<List, One>) {
  return {
    path: `${owner.base}/{robot_shortname}/federation`,
    tag: "federation",
    params: owner.robotParams,
    exchanged: true,
  };
}

function getRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    ...placeOf(owner),
    method: "get",
    operationId: `get${owner.word}RobotFederation`,
    summary: `Get the federation of a robot account of ${owner.whose}`,
    scopes: READ_SCOPES,
    namespace: owner.namespace,
    success: {
      status: 200,
      description: "Issuer and subject of each rule.",
      schema: entries,
      example: EXAMPLE,
    },
    errors: ["namespace_unknown", "robot_unknown"],
    handle: async (deps, { namespace, params }) => {
      const read = await readFederation(deps, robotName(namespace, params.robot_shortname));
      return read.ok ? ok({ body: read.value }) : read;
    },
  });
}

function replaceRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    ...placeOf(owner),
    method: "post",
    operationId: `create${owner.word}RobotFederation`,
    summary: `Replace the federation of a robot account of ${owner.whose}`,
    description:
      "Replaces the rules. An entry whose issuer and subject a rule has already keeps that rule whole, with the claims and permissions that this form cannot say.",
    scopes: ["rules:write"],
    namespace: owner.namespace,
    body: { schema: entries, example: EXAMPLE },
    success: {
      status: 200,
      description: "The list as it stands now.",
      schema: entries,
      example: EXAMPLE,
      hasVersion: true,
    },
    errors: [
      "request_malformed",
      "namespace_unknown",
      "robot_unknown",
      "issuer_unknown",
      "rules_refused",
      "limit_reached",
      "managed_elsewhere",
      "administrative_robot",
      "precondition_failed",
      "conflict",
    ],
    namedInBody: ["issuer_unknown"],
    handle: async (deps, { namespace, params, body, context }) => {
      const name = robotName(namespace, params.robot_shortname);
      const replaced = await replaceFederation(deps, name, body, context);
      if (!replaced.ok) return replaced;
      return ok({ body: replaced.value.entries, version: replaced.value.version });
    },
  });
}

function clearRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    ...placeOf(owner),
    method: "delete",
    operationId: `delete${owner.word}RobotFederation`,
    summary: `Delete the federation of a robot account of ${owner.whose}`,
    scopes: ["rules:write"],
    namespace: owner.namespace,
    success: { status: 204, description: "The robot account has no rule." },
    errors: [
      "namespace_unknown",
      "robot_unknown",
      "managed_elsewhere",
      "administrative_robot",
      "precondition_failed",
      "conflict",
    ],
    handle: async (deps, { namespace, params, context }) => {
      const cleared = await clearFederation(deps, robotName(namespace, params.robot_shortname), context);
      return cleared.ok ? ok({}) : cleared;
    },
  });
}
