import type { BenchRequest } from "./load.ts";
import type { SigningKey } from "./traffic.ts";

export const ROUTES = ["exchange", "registry token"] as const;
export type Store = "SQLite" | "Redis";

/** A server under one kind of load. */
export interface Target {
  readonly route: (typeof ROUTES)[number];
  readonly name: string;
  readonly kind: "bare" | "stack" | "berth";
  /** Where it keeps what it must: a stack floor without one stands for every store. */
  readonly store?: Store;
  readonly origin: string;
  cpuMs(): number | undefined;
  /** `count` requests, made before the clock starts. */
  requests(count: number): Promise<readonly BenchRequest[]>;
}

export interface Bench {
  readonly folder: string;
  readonly key: SigningKey;
  readonly profile: boolean;
  /** What is to be stopped at the end, the last started first. */
  readonly running: { stop(): Promise<void> }[];
}
