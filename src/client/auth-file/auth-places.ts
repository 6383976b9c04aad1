import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ClientEnvironment } from "../client-environment.ts";

type Variables = ClientEnvironment["variables"];

export function homeFolder(variables: Variables): string {
  return variables.HOME || homedir();
}

/** Where docker, crane and oras look for their configuration. */
export function dockerFolder(variables: Variables): string {
  return variables.DOCKER_CONFIG || join(homeFolder(variables), ".docker");
}

export function dockerConfigFile(variables: Variables): string {
  return join(dockerFolder(variables), "config.json");
}

/**
 * The files that a login goes into. Docker's, which podman, skopeo and buildah read too where no file of their own has
 * an entry: so theirs is written where it is named or there, since an entry in it would go before.
 */
export function authFiles(variables: Variables): readonly string[] {
  const { REGISTRY_AUTH_FILE } = variables;
  const containers = REGISTRY_AUTH_FILE
    ? [REGISTRY_AUTH_FILE]
    : [runtimeAuthFile(variables), configAuthFile(variables)].filter((file) => existsSync(file));
  return [...new Set([dockerConfigFile(variables), ...containers])];
}

function runtimeAuthFile({ XDG_RUNTIME_DIR }: Variables): string {
  if (XDG_RUNTIME_DIR) return join(XDG_RUNTIME_DIR, "containers", "auth.json");
  return join("/run/containers", String(process.getuid?.() ?? 0), "auth.json");
}

function configAuthFile(variables: Variables): string {
  const folder = variables.XDG_CONFIG_HOME || join(homeFolder(variables), ".config");
  return join(folder, "containers", "auth.json");
}
