import * as z from "zod";
import { GRANTABLE_API_SCOPES } from "../domain/access/api-scope.ts";
import { isNamespaceName, isRobotShortName } from "../domain/access/names.ts";
import { ROLES } from "../domain/access/permission.ts";
import { TOKEN_FORMS } from "../domain/access/registry.ts";
import { isRepositoryPattern } from "../domain/access/repository.ts";
import { MAX_PERMISSIONS_PER_ROBOT } from "../domain/accounts/robot-limits.ts";
import {
  MAX_CREDENTIAL_SECONDS,
  MAX_RULES_CHARACTERS,
  MAX_RULES_PER_ROBOT,
  MIN_CREDENTIAL_SECONDS,
} from "../domain/rules/federation-rule.ts";
import { isRepositoryTemplate } from "../domain/rules/repository-template.ts";
import { issuerSchema } from "./issuer-schema.ts";
import { remark, whole } from "./schema-fields.ts";

const MAX_SUBJECT_LENGTH = 2048;

const repository = z
  .string()
  .refine(
    isRepositoryPattern,
    "must be a repository name or pattern, such as acme/app, acme/* or acme/**; its first part is never a pattern",
  );

const template = z
  .string()
  .refine(
    isRepositoryTemplate,
    "must be a repository name or pattern, such as acme/app, acme/* or acme/{repository_name}; its first part is neither a pattern nor a variable, and a part holds one variable at most, without a star",
  );

function permissionOn(repositories: z.ZodString) {
  return z.strictObject({
    registry: z.string().optional().meta({
      description: "Service name of a registry. May be left out while exactly one is registered.",
    }),
    repository: repositories.meta({
      description:
        "Repository name or pattern: `*` stands for any run of characters but `/`, `**` for any run at all. The first part is never a pattern. In a rule that pins one tenant by id, a part may hold a variable of the issuer's profile, such as `{repository_name}`.",
    }),
    role: z.enum(ROLES).meta({
      description: "`read`: pull. `write`: pull and push. `admin`: pull, push and delete.",
    }),
  });
}

/** A permission of a robot; the registry may be left out while one is registered. */
export const permissionSchema = permissionOn(repository);

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const claim = z.union([scalar, z.array(scalar).min(1, "must hold at least one value")], {
  error: "must be text, a number, true or false, or a list of these",
});

/** A federation rule, as files and the API write it. */
export const ruleSchema = z.strictObject({
  issuer: z.string().meta({ description: "URL of a declared issuer." }),
  subject: z
    .string()
    .min(1, "must not be empty; write ** for any subject, and claims that say whose jobs they are")
    .max(MAX_SUBJECT_LENGTH, `must be at most ${MAX_SUBJECT_LENGTH} characters`)
    .meta({
      description:
        "Pattern for the whole of the identity token's `sub`: `*` stands for any run of characters but `/` and `:`, `**` for any run at all.",
    }),
  audience: z.string().optional().meta({
    description: "The one of the issuer's audiences that the identity token must have; not set: any of them.",
  }),
  claims: z.record(z.string(), claim).default({}).meta({
    description:
      "Claim name, or a JSON Pointer to a nested one (`/kubernetes.io/namespace`) → the value that the identity token must have, or a list of which it must have one; texts are patterns as the subject is. Numbers are compared by their digits. A claim that the token lacks is no match.",
  }),
  permissions: z.array(permissionOn(template)).optional().meta({
    description: "The part of the robot's permissions that this rule grants; not set: all of them.",
  }),
  api_scopes: z.array(z.enum(GRANTABLE_API_SCOPES)).min(1, "must name at least one scope").optional().meta({
    description:
      "Grants an API token of the management API with these scopes in the robot's own namespace, instead of registry permissions. Such a robot has no permissions, and all of its rules grant API scopes.",
  }),
  ttl_seconds: whole(MIN_CREDENTIAL_SECONDS, MAX_CREDENTIAL_SECONDS).default(MAX_CREDENTIAL_SECONDS).meta({
    description: "Lifetime of a credential.",
  }),
  pin: z.enum(["first-use"]).optional().meta({
    description:
      "`first-use`: the first match records the ids behind the names that the rule writes out, such as the repository's and its owner's; from then on a token with others is refused. Not set: nothing is recorded.",
  }),
  enabled: z.boolean().default(true).meta({ description: "Disabling it ends the credentials that it gave." }),
  description: remark(),
});

const robot = z.strictObject({
  name: z
    .string()
    .refine(isRobotShortName, "must be 2 to 126 lower-case letters and digits, with single . _ - between")
    .meta({ description: "Short name: `builder` in the namespace `acme` is `acme+builder`." }),
  description: remark(),
  enabled: z.boolean().default(true).meta({ description: "Disabling it ends all its credentials." }),
  catalog: z.boolean().default(false).meta({
    description: "Whether it may list the names of all of a registry's repositories.",
  }),
  permissions: z
    .array(permissionSchema)
    .max(MAX_PERMISSIONS_PER_ROBOT, `must be at most ${MAX_PERMISSIONS_PER_ROBOT} permissions; use patterns`)
    .default([])
    .meta({ description: "What it may do, at most." }),
  token_hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lower-case hexadecimal digits")
    .optional()
    .meta({
      description:
        "Hash of its robot token, as `berth robots token --hash` prints it. Not set: a token made on request stays.",
    }),
  rules: z
    .array(ruleSchema)
    .max(
      MAX_RULES_PER_ROBOT,
      `must be at most ${MAX_RULES_PER_ROBOT} rules; share them out over several robots`,
    )
    .refine(
      (rules) => JSON.stringify(rules).length <= MAX_RULES_CHARACTERS,
      `must have at most ${MAX_RULES_CHARACTERS} characters as JSON; share them out over several robots`,
    )
    .default([])
    .meta({ description: "Who may act as it. The first rule that matches decides." }),
});

const namespace = z.strictObject({
  name: z
    .string()
    .refine(isNamespaceName, "must be the first part of a repository name, or _ for names of one part")
    .meta({
      description: "The first component of its repositories' names; `_` for those of one component.",
    }),
  kind: z.enum(["organization", "user"]).default("organization").meta({ description: "Whose it is." }),
  enabled: z
    .boolean()
    .default(true)
    .meta({ description: "Disabling it ends all credentials of its robots." }),
  robots: z.array(robot).default([]).meta({ description: "Its robot accounts." }),
});

/** One of a declaration's `registries`. */
export const registrySchema = z.strictObject({
  service: z
    .string()
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9 ._:/-]{0,253}[A-Za-z0-9])?$/,
      "must be 1 to 255 letters, digits and . _ : / - or spaces between",
    )
    .meta({ description: "Its service name: the `service` of its challenge and the `aud` of its tokens." }),
  url: z
    .string()
    .refine(isRegistryUrl, "must be an http or https URL without user name, query or fragment")
    .meta({ description: "Where it is." }),
  token: z.enum(TOKEN_FORMS).meta({
    description:
      "The form of token that it verifies. `x5c`: a certificate under Berth's CA (distribution 2.8 and 3). `kid`: a key of Berth's JWKS (distribution 3 with a JWKS file). `pinned`: a key of its own (zot).",
  }),
  token_seconds: whole(60, 300).default(300).meta({ description: "Lifetime of a registry token." }),
  anonymous_pull: z.array(repository).default([]).meta({
    description: "Repository names and patterns that anyone may pull.",
  }),
});

/** What a declaration file may hold. The page docs/configuration.md is made from it. */
export const declarationSchema = z.strictObject({
  revision: whole(0, Number.MAX_SAFE_INTEGER).default(0).meta({
    description:
      "On a store that several servers share: to be raised with each change. A file with a lower one never replaces one with a higher.",
  }),
  issuers: z.array(issuerSchema).default([]).meta({ description: "OIDC providers to trust." }),
  registries: z
    .array(registrySchema)
    .default([])
    .meta({ description: "Registries that take this server's tokens." }),
  namespaces: z.array(namespace).default([]).meta({ description: "Organizations and users." }),
});

/** JSON Schema of the file, in the draft that editors read. What it cannot say (names, patterns), Berth says. */
export function declarationJsonSchema(): object {
  const schema = z.toJSONSchema(declarationSchema, { io: "input", target: "draft-7" });
  return { title: "Berth declaration file", ...schema };
}

/** The file's content as it is written, with defaults. */
export type DeclarationContent = z.output<typeof declarationSchema>;
export type NamespaceContent = z.output<typeof namespace>;
export type RobotContent = z.output<typeof robot>;
export type RuleContent = z.output<typeof ruleSchema>;
export type PermissionContent = z.output<typeof permissionSchema>;

function isRegistryUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && !/[?#]/.test(text);
}
