import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { purgeSubject } from "../../usecases/management/purge-subject.ts";
import { defineRoute } from "./define-route.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import type { ManagementRoute } from "./route-definition.ts";

const purge = defineRoute({
  method: "post",
  path: "/audit/purge",
  tag: "audit",
  operationId: "purgeSubject",
  summary: "Remove what is recorded of one subject",
  description:
    "For a person who has a right to it: the events and the near misses of identity tokens with that `sub`. Credentials keep it until an hour past their end; an audit file is not reached.",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  body: {
    schema: z.strictObject({ subject: z.string().min(1).max(2048) }),
    example: { subject: "project_path:alice/app:ref_type:branch:ref:main" },
  },
  success: {
    status: 200,
    description: "How many records went.",
    schema: z.object({ removed: z.int() }),
    example: { removed: 12 },
  },
  errors: [],
  handle: async (deps, { body, context }) => {
    const purged = await purgeSubject(deps, body.subject, context);
    return purged.ok ? ok({ body: purged.value }) : purged;
  },
});

export const AUDIT_PURGE_ROUTES: readonly ManagementRoute[] = [purge];
