import { expect, it } from "vitest";
import type { RegistryTokenReason } from "../../domain/rejection.ts";
import { deadCredentialChange } from "./dead-credential-status.ts";

const DOCKER = "docker/28.1.1 go/go1.24 git-commit/01f442b kernel/6.8 os/linux arch/amd64";
const DENIED = { status: 403, code: "DENIED" };

it.each<[RegistryTokenReason, string, string | null, object]>([
  ["credential_expired", DOCKER, null, DENIED],
  ["credential_revoked", DOCKER, null, DENIED],
  ["credential_expired", "containerd/1.7", "containerd-client", DENIED],
  ["credentials_invalid", DOCKER, null, {}],
  ["store_unavailable", DOCKER, null, {}],
  ["credential_expired", "containers/5.34 (github.com/containers/image)", null, {}],
  ["credential_expired", "not docker/28", null, {}],
  ["credential_expired", "", "buildkit", {}],
  ["credential_expired", "", null, {}],
])("%s to %j, client_id %j: %j", (reason, userAgent, clientId, expected) => {
  expect(deadCredentialChange(reason, userAgent, clientId)).toEqual(expected);
});
