import type { Caller } from "../domain/accounts/caller.ts";
import type { DeclaredIssuer } from "../domain/accounts/declaration.ts";
import type { ExchangeDeps } from "../usecases/exchange/exchange-identity-token.ts";
import type { KeyMaker, PublishedKeys } from "../usecases/key-ports.ts";
import type { Metrics } from "../usecases/metrics.ts";
import type { ApiTokens, AuditLog, NearMissStore, RateLimit } from "../usecases/ports.ts";
import type { RegistryTokenDeps } from "../usecases/registry/issue-registry-token.ts";
import type { DeclarationReader } from "./management/declaration-reader.ts";

/** One line a request. Values are primitives, so that nothing with a secret inside is printed by chance. */
type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** What the audit record has lost in this process. */
export interface AuditLoss {
  /** Events that never got into the ledger. */
  readonly events: number;
  /** Lines that the audit sink did not take; absent where no sink is set. */
  readonly sinkLines?: number;
}

export interface AppDeps extends ExchangeDeps, RegistryTokenDeps {
  readonly keys: PublishedKeys;
  /** Makes the first key of a registry that has one of its own. */
  readonly maker: KeyMaker;
  /** Reads the declarations that clients send. */
  readonly declarations: DeclarationReader;
  readonly apiTokens: ApiTokens;
  readonly auditLog: AuditLog;
  readonly nearMisses: NearMissStore;
  readonly log: (level: "info" | "warn" | "error", message: string, fields: LogFields) => void;
  readonly metrics: Metrics;
  /** What was counted, in Prometheus's text format; absent: nothing is. Throws UnavailableError. */
  readonly metricsText?: (() => Promise<string>) | undefined;
  /** Of requests, by the client's address; absent: none. */
  readonly addressLimit?: RateLimit | undefined;
  readonly auditLoss: () => AuditLoss;
  /** Why this runtime could not reach an issuer, as a sentence for who registers it; absent: it can reach all. */
  readonly refuseIssuer?: ((issuer: DeclaredIssuer) => string | undefined) | undefined;
  /** Whether this server was told to stop, and still serves; absent: nobody tells it. */
  readonly isStopping?: (() => boolean) | undefined;
  /** The address at the other end of the connection, by the runtime's own word. */
  readonly peerAddress: (env: unknown) => string | undefined;
  /** Whether that address is one of the proxies that an operator named, whose X-Forwarded-For is believed. */
  readonly isTrustedProxy: (address: string) => boolean;
  /** The caller that this very process put into the request's environment: no request of the network has one. */
  readonly localCaller?: (env: unknown) => Caller | undefined;
}

/** What a handler leaves for the access log, and the middleware for a handler. */
interface AppVariables {
  requestId: string;
  clientAddress: string | undefined;
  /** Who asks the management API. Set by `management/bearer-auth.ts`, so there on its routes only. */
  caller: Caller;
  outcome: LogFields;
}

export type AppEnv = { Variables: AppVariables };
