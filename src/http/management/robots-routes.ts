import * as z from "zod";
import { robotName } from "../../domain/access/names.ts";
import { ok } from "../../domain/result.ts";
import {
  createRobot,
  deleteRobot,
  findRobot,
  listRobots,
  updateRobot,
} from "../../usecases/management/manage-robots.ts";
import { defineRoute } from "./define-route.ts";
import { NAMESPACE_IN_PATH } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import { namespaceField, robotShortNameField } from "./path-fields.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import { ROBOT_CHANGE_ERRORS, ROBOT_PATH, robotOf, robotPlace } from "./robot-place.ts";
import { ROBOT_EXAMPLE, robotOnTheWire, robotSchema } from "./robot-shape.ts";
import { ROBOT_TOKEN_EXAMPLE, tokenLifetimeField } from "./robot-token-routes.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { withoutUndefined } from "./without-undefined.ts";

const tag = "robot-accounts";
const notes = { description: z.string().optional(), metadata: z.record(z.string(), z.unknown()).optional() };

/** What the routes of all robot accounts of a namespace share. */
const all = {
  path: "/namespaces/{namespace}/robots",
  tag,
  exchanged: true,
  namespace: NAMESPACE_IN_PATH,
  params: z.object({ namespace: namespaceField }),
} as const;

const list = defineRoute({
  ...all,
  method: "get",
  operationId: "listRobots",
  summary: "List the robot accounts of a namespace",
  scopes: READ_SCOPES,
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description: "Robot accounts by name.",
    schema: z.object({ robots: z.array(robotSchema), next_page: z.string().optional() }),
    example: { robots: [ROBOT_EXAMPLE] },
  },
  errors: ["namespace_unknown"],
  handle: async (deps, { namespace, query }) => {
    const listed = await listRobots(deps, namespace, { after: query.next_page ?? "", limit: query.limit });
    if (!listed.ok) return listed;
    const { robots, next } = listed.value;
    return ok({ body: { robots: robots.map(robotOnTheWire), ...nextPage(next) } });
  },
});

const create = defineRoute({
  ...all,
  method: "post",
  operationId: "createRobot",
  summary: "Create a robot account",
  description:
    "It has no permission and no rule yet. It has a robot token at once, unless it is to be keyless, or the caller is an identity token's bearer, who reaches no secret.",
  scopes: ["robots:write"],
  body: {
    schema: z.strictObject({
      name: robotShortNameField,
      ...notes,
      keyless_only: z.boolean().optional(),
      token_expires_in: tokenLifetimeField.optional(),
    }),
    example: { name: "builder", description: "release builds", metadata: { team: "release" } },
  },
  success: {
    status: 201,
    description: "The robot account, with its token, which is not shown again.",
    schema: robotSchema.extend({ robot_token: z.string().optional() }).meta({ id: "NewRobot" }),
    example: { ...ROBOT_EXAMPLE, permissions: [], rule_count: 0, robot_token: ROBOT_TOKEN_EXAMPLE },
    hasVersion: true,
  },
  errors: ["namespace_unknown", "name_taken", "precondition_failed", "conflict"],
  handle: async (deps, { namespace, body, context }) => {
    const { name, keyless_only: keylessOnly, token_expires_in: tokenExpiresIn, ...written } = body;
    const content = withoutUndefined({ ...written, keylessOnly, tokenExpiresIn });
    const made = await createRobot(deps, robotName(namespace, name), content, context);
    if (!made.ok) return made;
    const { robot, token, version } = made.value;
    const secret = token === undefined ? {} : { robot_token: token.expose() };
    return ok({ body: { ...robotOnTheWire(robot), ...secret }, version });
  },
});

const one = { ...robotPlace, path: ROBOT_PATH, tag, exchanged: true } as const;

const get = defineRoute({
  ...one,
  method: "get",
  operationId: "getRobot",
  summary: "Get a robot account",
  scopes: READ_SCOPES,
  success: {
    status: 200,
    description: "The robot account. Its ETag is that of its permissions and its rules, too.",
    schema: robotSchema,
    example: ROBOT_EXAMPLE,
    hasVersion: true,
  },
  errors: ["namespace_unknown", "robot_unknown"],
  handle: async (deps, { params }) => {
    const found = await findRobot(deps, robotOf(params));
    return found.ok ? ok({ body: robotOnTheWire(found.value.value), version: found.value.version }) : found;
  },
});

const update = defineRoute({
  ...one,
  method: "patch",
  operationId: "updateRobot",
  summary: "Change a robot account",
  description:
    "What is left out stays as it is. Disabling it, and making it keyless, end what was earned with it; disabling may be done to one that a file manages, too. The catalogue shows every namespace's repositories, so granting it needs `org:admin` everywhere.",
  scopes: ["robots:write"],
  body: {
    schema: z.strictObject({
      enabled: z.boolean().optional(),
      ...notes,
      catalog: z.boolean().optional(),
      keyless_only: z.boolean().optional(),
    }),
    example: { enabled: false },
  },
  success: {
    status: 200,
    description: "The robot account as it stands now.",
    schema: robotSchema,
    example: { ...ROBOT_EXAMPLE, enabled: false },
    hasVersion: true,
  },
  errors: [...ROBOT_CHANGE_ERRORS, "permission_foreign", "rules_refused"],
  handle: async (deps, { params, body, context }) => {
    const { keyless_only: keylessOnly, ...written } = body;
    const update = withoutUndefined({ ...written, keylessOnly });
    const changed = await updateRobot(deps, robotOf(params), update, context);
    if (!changed.ok) return changed;
    return ok({ body: robotOnTheWire(changed.value.robot), version: changed.value.version });
  },
});

const remove = defineRoute({
  ...one,
  method: "delete",
  operationId: "deleteRobot",
  summary: "Delete a robot account",
  scopes: ["robots:write"],
  success: { status: 204, description: "It is gone, with every credential of it. Its name is free." },
  errors: ROBOT_CHANGE_ERRORS,
  handle: async (deps, { params, context }) => {
    const removed = await deleteRobot(deps, robotOf(params), context);
    return removed.ok ? ok({}) : removed;
  },
});

export const ROBOT_ROUTES: readonly ManagementRoute[] = [list, create, get, update, remove];
