import type { ExchangeReason, RegistryTokenReason } from "../domain/rejection.ts";
import type { SweepKind } from "./store-records.ts";

/** What is counted as an exchange's, or a registry token request's, end. */
export type ExchangeResult = "granted" | ExchangeReason;
/** `granted_stale`: a pull while the store was down (decision 19). */
export type RegistryTokenResult = "granted" | "granted_stale" | RegistryTokenReason;

/**
 * The numbers that a process tells of itself. Nothing is decided by them, so no method throws or waits.
 *
 * A label takes its values from a list that is closed, or that only operators write: never from a token, a robot, a
 * tenant or a path as it was asked for. Whoever can choose a label's value fills the memory of every scraper.
 */
export interface Metrics {
  /** @param route The template of the route that answered, and not the path. */
  request(route: string, status: number, milliseconds: number): void;
  /** @param profile Name of a family in `profiles/all.ts`; undefined before the issuer is known. */
  exchange(result: ExchangeResult, profile: string | undefined): void;
  /** @param service Of a registered registry; undefined where none was found. */
  registryToken(result: RegistryTokenResult, service: string | undefined): void;
  /** A request that was refused for its client's address, before anything else was looked at. */
  limited(): void;
  /** What the collector removed of one kind. */
  collected(kind: SweepKind, records: number): void;
}

/** Where nobody asks for the numbers, and on Workers, where no process stays to count in. */
export const noMetrics: Metrics = {
  request: () => undefined,
  exchange: () => undefined,
  registryToken: () => undefined,
  limited: () => undefined,
  collected: () => undefined,
};
