import type { ExchangeDeps } from "../usecases/exchange/exchange-identity-token.ts";
import type { PublishedKeys } from "../usecases/ports.ts";
import type { RegistryTokenDeps } from "../usecases/registry/issue-registry-token.ts";

/** One line a request. Values are primitives, so that nothing with a secret inside is printed by chance. */
type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface AppDeps extends ExchangeDeps, RegistryTokenDeps {
  readonly keys: PublishedKeys;
  readonly log: (level: "info" | "warn" | "error", message: string, fields: LogFields) => void;
  /** The address at the other end of the connection, by the runtime's own word. */
  readonly peerAddress: (env: unknown) => string | undefined;
  /** Whether that address is one of the proxies that an operator named, whose X-Forwarded-For is believed. */
  readonly isTrustedProxy: (address: string) => boolean;
}

/** What a handler leaves for the access log, and the middleware for a handler. */
interface AppVariables {
  requestId: string;
  clientAddress: string | undefined;
  outcome: LogFields;
}

export type AppEnv = { Variables: AppVariables };
