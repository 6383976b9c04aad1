import * as z from "zod";
import { isRobotShortName } from "../../domain/access/names.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import { applyOwner } from "../../domain/accounts/declaration.ts";
import { type ManagementReason, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { applyForCaller } from "../../usecases/management/apply-for-caller.ts";
import { readKnownSystem } from "../../usecases/management/known-system.ts";
import { type DeclarationRequest, planDeclaration } from "../../usecases/management/plan-declaration.ts";
import { refuseWhenUnavailable } from "../../usecases/unavailable.ts";
import type { AppDeps } from "../deps.ts";
import type { ReadDeclaration } from "./declaration-reader.ts";
import { APPLIED_EXAMPLE, appliedOnTheWire, appliedSchema, planSchema } from "./declaration-shape.ts";
import { defineRoute } from "./define-route.ts";
import { NAMESPACE_OF_OBJECT } from "./namespace-source.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import type { ManagementRefusal, ManagementRoute } from "./route-definition.ts";

const MAX_BODY_BYTES = 4 * 1024 * 1024;

const fileSchema = z.strictObject({
  name: z.string().min(1).max(1024).meta({ description: "As problems name it." }),
  text: z.string().meta({ description: "YAML or JSON: a declaration file." }),
  attachments: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: "Texts of the files that it names, by the paths that stand in it." }),
});

const bodySchema = z.strictObject({
  owner: z
    .string()
    .refine(isRobotShortName, "must be 2 to 126 lower-case letters and digits, with single . _ - between")
    .default("default")
    .meta({ description: "Who applies: what it brings is managed by `apply:<owner>`." }),
  prune: z.boolean().default(false).meta({
    description:
      "Whether the owner's namespaces, issuers and registries go that are declared no more, and its robot accounts in namespaces that are not declared. Its robot accounts in declared namespaces go in any case.",
  }),
  adopt: z.boolean().default(false).meta({
    description:
      "Whether what is declared here and was made over the API's other ways becomes the owner's. What a file or another owner has stays theirs.",
  }),
  files: z.array(fileSchema).min(1).max(1000).meta({ description: "One declaration together." }),
});
const EXAMPLE_TEXT = `namespaces:
  - name: acme
    robots:
      - name: packer
        description: builds packages
`;
const BODY_EXAMPLE = {
  owner: "default",
  prune: false,
  adopt: false,
  files: [{ name: "acme.yaml", text: EXAMPLE_TEXT }],
};

const common = {
  method: "post",
  tag: "declarations",
  exchanged: true,
  namespace: NAMESPACE_OF_OBJECT,
  params: z.object({}),
  body: { schema: bodySchema, example: BODY_EXAMPLE, maxBytes: MAX_BODY_BYTES },
} as const;

interface Sent {
  readonly request: DeclarationRequest;
  readonly managedBy: string;
  readonly warnings: Extract<ReadDeclaration, { readonly ok: true }>["warnings"];
}

/** The declaration that was sent; or all that is wrong with its files. */
async function readSent(
  deps: AppDeps,
  { owner, prune, adopt, files }: z.output<typeof bodySchema>,
  { actor }: Caller,
): Promise<Result<Sent, ManagementRefusal>> {
  const known = await readKnownSystem(deps, { client: owner, prune });
  if (!known.ok) return known;
  const read = await refuseWhenUnavailable<ReadDeclaration, ManagementReason>(async () =>
    ok(await deps.declarations.read(files, known.value, actor)),
  );
  if (!read.ok) return read;
  if (!read.value.ok) {
    const { error: problems } = read.value;
    const detail = `problems in the files: ${problems.length}`;
    return err({ ...rejection("request_malformed", detail), problems });
  }
  const { value: declaration, warnings } = read.value;
  return ok({
    request: { declaration, client: owner, prune, adopt },
    managedBy: applyOwner(owner),
    warnings,
  });
}

const plan = defineRoute({
  ...common,
  path: "/declarations/plan",
  operationId: "planDeclaration",
  summary: "Plan a declaration",
  description:
    "What applying it would do to each object, and what the linter says of it; nothing is written. Needs to be read: each namespace that it declares.",
  scopes: READ_SCOPES,
  success: {
    status: 200,
    description: "The plan. Its ETag is its digest.",
    schema: planSchema,
    example: { ...APPLIED_EXAMPLE, digest: "9f86d081884c7d65".repeat(4), refused: [] },
    hasVersion: true,
  },
  errors: [],
  handle: async (deps, { body, caller }) => {
    const sent = await readSent(deps, body, caller);
    if (!sent.ok) return sent;
    const { request, managedBy, warnings } = sent.value;
    const planned = await planDeclaration(deps, request, caller);
    if (!planned.ok) return planned;
    const { objects, refused, digest } = planned.value;
    return ok({
      body: { ...appliedOnTheWire(managedBy, objects, warnings), digest, refused },
      version: digest,
    });
  },
});

const apply = defineRoute({
  ...common,
  path: "/declarations/apply",
  operationId: "applyDeclaration",
  summary: "Apply a declaration",
  description:
    "Refused before anything is written, with every object that stands against it. Each namespace is written whole or not at all; one that was broken off is finished by the same again, and the same again after that does nothing. With a plan's digest as If-Match it does what that plan said, or nothing. Issuers, registries, new namespaces and robot accounts that grant API scopes need `super:user`; of the rest each part its own scope.",
  scopes: ["robots:write", "permissions:write", "rules:write"],
  success: {
    status: 200,
    description: "What was done.",
    schema: appliedSchema,
    example: APPLIED_EXAMPLE,
  },
  errors: [
    "administrative_robot",
    "permission_foreign",
    "managed_elsewhere",
    "name_reserved",
    "in_use",
    "precondition_failed",
    "stale_revision",
    "conflict",
  ],
  handle: async (deps, { body, context }) => {
    const sent = await readSent(deps, body, context.caller);
    if (!sent.ok) return sent;
    const { request, managedBy, warnings } = sent.value;
    const applied = await applyForCaller(deps, request, context);
    return applied.ok ? ok({ body: appliedOnTheWire(managedBy, applied.value, warnings) }) : applied;
  },
});

export const DECLARATION_ROUTES: readonly ManagementRoute[] = [plan, apply];
