import { GRANTABLE_API_SCOPES, isApiScope } from "../../domain/access/api-scope.ts";
import { isNamespaceName, isRobotName } from "../../domain/access/names.ts";
import { type Permission, ROLES } from "../../domain/access/permission.ts";
import { type Registry, TOKEN_FORMS } from "../../domain/access/registry.ts";
import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { Namespace, Robot, RobotToken } from "../../domain/accounts/robot.ts";
import { ALGORITHMS, type KeySource, type TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { EncryptedBytes, StoredKey } from "../../domain/keys/stored-key.ts";
import { type FederationRule, MAX_RULES_PER_ROBOT } from "../../domain/rules/federation-rule.ts";
import type { Reservation } from "../store-records.ts";
import type {
  BackedUpDeclaration,
  BackedUpRobot,
  BackupFooter,
  BackupHeader,
  BackupKind,
} from "./backup-format.ts";
import {
  anyOf,
  anything,
  count,
  type Form,
  flag,
  list,
  map,
  object,
  oneOf,
  text,
  textLike,
} from "./record-form.ts";

const sha256 = textLike((value) => /^[0-9a-f]{64}$/.test(value));
const namespaceName = textLike(isNamespaceName);
/** What stands in sentences for a terminal. */
const label = textLike((value) => /^[\x21-\x7e]{1,300}$/.test(value));

const keySource = anyOf(
  object<Extract<KeySource, { kind: "inline" }>>({ kind: oneOf("inline"), jwks: text, expiresAt: count }),
  object<Extract<KeySource, { kind: "discovery" }>>(
    { kind: oneOf("discovery"), jwksHosts: list(text), privateNetwork: flag, caPem: text },
    ["caPem"],
  ),
);

const issuer = object<TrustedIssuer>({
  url: text,
  nonce: text,
  enabled: flag,
  profile: text,
  algorithms: list(oneOf(...ALGORITHMS)),
  audiences: list(text),
  maxLifetimeSeconds: count,
  replay: oneOf("jti", "once", "reusable"),
  keys: keySource,
  managedBy: text,
});

const registry = object<Registry>({
  service: text,
  url: text,
  tokenForm: oneOf(...TOKEN_FORMS),
  tokenSeconds: count,
  anonymousPull: list(text),
  managedBy: text,
});

const namespace = object<Namespace>({
  name: namespaceName,
  kind: oneOf("organization", "user"),
  nonce: text,
  enabled: flag,
  managedBy: text,
});

const permissions = list(object<Permission>({ registry: text, repository: text, role: oneOf(...ROLES) }));

const rule = object<FederationRule>(
  {
    id: text,
    nonce: text,
    enabled: flag,
    description: text,
    issuer: text,
    subject: text,
    audience: text,
    claims: map(list(text)),
    permissions,
    apiScopes: list(oneOf(...GRANTABLE_API_SCOPES)),
    ttlSeconds: count,
    pin: oneOf("first-use"),
  },
  ["audience", "permissions", "apiScopes", "pin"],
);

const robotToken = object<RobotToken>(
  { hash: sha256, number: count, createdAt: count, declared: flag, expiresAt: count },
  ["expiresAt"],
);

const robot = object<Robot>(
  {
    name: textLike(isRobotName),
    uid: text,
    nonce: text,
    enabled: flag,
    description: text,
    createdAt: count,
    permissions,
    catalog: flag,
    rules: list(rule, MAX_RULES_PER_ROBOT),
    token: robotToken,
    previousToken: robotToken,
    lastTokenNumber: count,
    keylessOnly: oneOf(true),
    metadata: map(anything),
    managedBy: text,
  },
  ["token", "previousToken", "lastTokenNumber", "keylessOnly", "metadata"],
);

const key = object<StoredKey>(
  {
    name: label,
    use: oneOf("ca", "x5c", "kid", "pinned"),
    status: oneOf("published", "active", "retired"),
    registry: text,
    createdAt: count,
    publicJwk: map(text),
    certificatePem: text,
    notAfter: count,
    retiredAt: count,
    encryptedPrivateKey: object<EncryptedBytes>({ keyId: label, iv: text, ciphertext: text }),
  },
  ["registry", "certificatePem", "notAfter", "retiredAt"],
);

const apiToken = object<ApiToken>(
  {
    id: label,
    hash: sha256,
    description: text,
    scopes: list(textLike(isApiScope)),
    namespaces: anyOf(oneOf("all"), list(namespaceName)),
    user: namespaceName,
    createdAt: count,
    expiresAt: count,
    createdBy: text,
  },
  ["user"],
);

/** The form of each kind of record. */
export const RECORD_FORMS: Readonly<Record<BackupKind, Form>> = {
  issuer,
  registry,
  namespace,
  robot: object<BackedUpRobot>({ robot, pins: map(map(text)) }),
  key,
  apiToken,
  declaration: object<BackedUpDeclaration>({ series: text, digest: text, revision: count }, ["series"]),
  reservation: object<Reservation>({ name: namespaceName, since: count }),
};

export const HEADER_FORM = object<BackupHeader>({
  record: oneOf("header"),
  format: count,
  berth: label,
  madeAt: label,
  store: label,
});

export const FOOTER_FORM = object<BackupFooter>({
  record: oneOf("footer"),
  counts: map(count),
  sha256,
});
