import type { RegistryTokenReason } from "../../domain/rejection.ts";

/**
 * How an expired or revoked credential is told to a Docker daemon: 403, since the command line 27.2.1 to 28.2.2
 * meets a 401 on `docker pull` with a prompt for a user name, and a CI job hangs there. Everyone else gets 401,
 * of which skopeo and podman show the message and of a 403 do not (docs/decisions/0003).
 */
export function deadCredentialChange(
  reason: RegistryTokenReason,
  userAgent: string,
  clientId: string | null,
): { status: 403; code: "DENIED" } | Record<string, never> {
  const isDead = reason === "credential_expired" || reason === "credential_revoked";
  const isDocker = userAgent.startsWith("docker/") || clientId === "containerd-client";
  return isDead && isDocker ? { status: 403, code: "DENIED" } : {};
}
