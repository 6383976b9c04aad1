import type { RuleContent } from "../../config/declaration-schema.ts";
import { declaredRule } from "../../config/declared-rule.ts";
import { formatPath, type Path, type Report } from "../../config/problem.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import { isJsonObject, JsonNumber, type JsonValue } from "../../domain/identity/strict-json.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { listIssuers } from "../../usecases/management/manage-issuers.ts";
import { listRegistries } from "../../usecases/management/manage-registries.ts";
import type { AppDeps } from "../deps.ts";
import type { ManagementRefusal } from "./route-definition.ts";

/**
 * The rule that a body declares, read as a file's is: numbers by the digits that were written, a registry that may
 * be left out, issuers and registries that must be there. All that does not fit together is told of at once.
 */
export async function declaredRuleOf(
  deps: Pick<AppDeps, "directory">,
  body: RuleContent,
  written: JsonValue | undefined,
): Promise<Result<DeclaredRule, ManagementRefusal>> {
  const issuers = await listIssuers(deps);
  if (!issuers.ok) return issuers;
  const registries = await listRegistries(deps);
  if (!registries.ok) return registries;
  const known = issuers.value.map(({ value }) => value);
  if (!known.some(({ url }) => url === body.issuer)) return err(rejection("issuer_unknown", body.issuer));
  const problems: string[] = [];
  const report: Report = (path, message) => problems.push(`${formatPath(path)} ${message}`.trimStart());
  const rule = declaredRule(body, [], {
    report,
    registries: registries.value.map(({ value }) => value.service),
    audiences: new Map(known.map(({ url, audiences }) => [url, audiences])),
    profiles: new Map(known.map(({ url, profile }) => [url, profileNamed(profile)])),
    digitsAt: (path) => digitsAt(written, path),
  });
  return problems.length === 0 ? ok(rule) : err(rejection("request_malformed", problems.join("; ")));
}

function digitsAt(written: JsonValue | undefined, path: Path): string | undefined {
  let value = written;
  for (const step of path) value = memberOf(value, step);
  return value instanceof JsonNumber ? value.digits : undefined;
}

function memberOf(value: JsonValue | undefined, step: PropertyKey): JsonValue | undefined {
  if (isJsonObject(value)) return value.get(String(step));
  return Array.isArray(value) ? value[Number(step)] : undefined;
}
