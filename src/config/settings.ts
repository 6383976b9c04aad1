import * as z from "zod";
import { err, ok, type Result } from "../domain/result.ts";
import { berthVariables, type Environment, type ReadFile } from "./environment.ts";
import { type ExchangeSettings, exchangeFields, toExchangeSettings } from "./settings/exchange-settings.ts";
import { type ProcessSettings, processFields, toProcessSettings } from "./settings/process-settings.ts";
import { redisRules } from "./settings/redis-rules.ts";
import { type SecretSettings, secretFields, toSecretSettings } from "./settings/secret-settings.ts";
import {
  type ServerSettings,
  serverFields,
  serverRules,
  toServerSettings,
} from "./settings/server-settings.ts";
import type { SettingRule } from "./settings/setting-rule.ts";
import { type StoreSettings, storeFields, toStoreSettings } from "./settings/store-settings.ts";
import { toUpkeepSettings, type UpkeepSettings, upkeepFields } from "./settings/upkeep-settings.ts";
import { suggestion } from "./spelling.ts";

/** Every setting, checked. The files that some name are not read yet. A group of them is one file of `settings/`. */
export interface Settings
  extends ServerSettings,
    StoreSettings,
    SecretSettings,
    ProcessSettings,
    ExchangeSettings,
    UpkeepSettings {}

const fields = z.strictObject({
  ...serverFields,
  ...storeFields,
  ...secretFields,
  ...processFields,
  ...exchangeFields,
  ...upkeepFields,
});

type Values = z.output<typeof fields>;

/** The page docs/configuration.md is made from these entries; a secret may come from a file. */
export const settingsSchema = withRules(fields, [...serverRules, ...redisRules]);

/** Each rule is asked though another problem was found: all are told at once. */
function withRules(schema: typeof fields, rules: readonly SettingRule<Values>[]): typeof fields {
  return rules.reduce(
    (checked, { path, error, needs = [], holds }) =>
      checked.refine(holds, {
        path: [path],
        error,
        when: ({ issues }) => !issues.some((issue) => needs.some((name) => name === issue.path?.[0])),
      }),
    schema,
  );
}

/**
 * The settings in `env`, or all that is wrong with them at once: each problem names its variable, none a value.
 * `BERTH_TEST_…` is for tests and left alone.
 */
export function parseSettings(env: Environment, readFile: ReadFile): Result<Settings, readonly string[]> {
  const { shape } = settingsSchema;
  const names = Object.keys(shape);
  const secrets = names.filter((name) => shape[name as keyof typeof shape].meta()?.secret === true);
  const { values, fileProblems } = berthVariables(env, secrets, readFile);
  const parsed = settingsSchema.safeParse(values, { error: describe });
  if (parsed.success && fileProblems.size === 0) return ok(toSettings(parsed.data));
  const problems = (parsed.error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) =>
        unknown(name, [...names, ...secrets.map((secret) => `${secret}_FILE`)]),
      );
    // A file that gave nothing has its own problem.
    return fileProblems.has(String(issue.path[0])) ? [] : [`${issue.path.join(".")}: ${issue.message}`];
  });
  return err([...problems, ...fileProblems.values()]);
}

function unknown(name: string, known: readonly string[]): string {
  return `${name}: is not a setting${suggestion(name, known)}`;
}

const describe: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return "is required";
  return issue.code === "invalid_value" ? `must be one of ${issue.values.join(", ")}` : undefined;
};

function toSettings(values: Values): Settings {
  return {
    ...toServerSettings(values),
    ...toStoreSettings(values),
    ...toSecretSettings(values),
    ...toProcessSettings(values),
    ...toExchangeSettings(values),
    ...toUpkeepSettings(values),
  };
}
