import { adminBootstrap } from "./admin.ts";
import { apply } from "./apply.ts";
import { AUDIT_COMMANDS } from "./audit.ts";
import { backup } from "./backup.ts";
import { check } from "./check.ts";
import { collect } from "./collect.ts";
import type { Command } from "./command.ts";
import { CREDENTIAL_COMMANDS } from "./credentials.ts";
import { CUT_OFF_COMMANDS } from "./cut-off.ts";
import { explain } from "./explain.ts";
import { health } from "./health.ts";
import { ISSUER_COMMANDS } from "./issuers.ts";
import { JOB_COMMANDS } from "./job-commands.ts";
import { keysCa, keysInit, keysList, keysRotate } from "./keys.ts";
import { keysExportCa, keysImportCa } from "./keys-ca-file.ts";
import { keysRewrap } from "./keys-rewrap.ts";
import { NAMESPACE_COMMANDS } from "./namespaces.ts";
import { nearMisses } from "./near-misses.ts";
import { PERMISSION_COMMANDS } from "./permissions.ts";
import { plan } from "./plan.ts";
import { REGISTRY_COMMANDS } from "./registries.ts";
import { restore } from "./restore.ts";
import { ROBOT_COMMANDS } from "./robots.ts";
import { robotsToken } from "./robots-token.ts";
import { RULE_COMMANDS } from "./rules.ts";
import { rulesMove } from "./rules-move.ts";
import { serve } from "./serve.ts";
import { newEpoch } from "./store.ts";
import { TOKEN_COMMANDS } from "./tokens.ts";

/**
 * Every command, in the order in which help and docs/command-line.md have them; those that begin with the same word
 * stand together. Of two whose words both fit a command line, the first is meant.
 */
export const COMMANDS: readonly Command[] = [
  serve,
  check,
  plan,
  apply,
  health,
  ...JOB_COMMANDS,
  ...NAMESPACE_COMMANDS,
  ...ROBOT_COMMANDS,
  robotsToken,
  ...PERMISSION_COMMANDS,
  ...RULE_COMMANDS,
  rulesMove,
  explain,
  nearMisses,
  ...CREDENTIAL_COMMANDS,
  ...CUT_OFF_COMMANDS,
  ...AUDIT_COMMANDS,
  ...ISSUER_COMMANDS,
  ...REGISTRY_COMMANDS,
  ...TOKEN_COMMANDS,
  adminBootstrap,
  keysList,
  keysRotate,
  keysInit,
  keysCa,
  keysRewrap,
  keysExportCa,
  keysImportCa,
  backup,
  restore,
  collect,
  newEpoch,
];
