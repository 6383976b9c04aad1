import { expect } from "vitest";
import { type ExchangeRequest, exchangeIdentity } from "../../src/client/berth-client.ts";
import type { ClientEnvironment } from "../../src/client/client-environment.ts";
import type { ClientProblem } from "../../src/client/client-problem.ts";
import type { Earned } from "../../src/client/exchange-answer.ts";
import { findJobIdentity } from "../../src/client/job-identity/find-job-identity.ts";
import type { Result } from "../../src/domain/result.ts";
import { jobEnvironment } from "./ci-platforms/job-environment.ts";
import type { ClientWorld } from "./client-world.ts";
import { TestClock } from "./test-clock.ts";

type Tried = Result<unknown, ClientProblem>;

/** Makes a mistake on purpose. */
export type Mistake = (world: ClientWorld) => Promise<Tried>;

const ROBOT = "acme+builder";

/** A job that has set these variables, and is nowhere. */
export function lookForIdentity(
  variables: Readonly<Record<string, string | undefined>>,
  paths: Readonly<Record<string, string>> = {},
): Promise<Tried> {
  return findJobIdentity(jobEnvironment({ variables: {}, paths }, variables), "https://berth.example.com");
}

export interface AskedWrongly extends Partial<ExchangeRequest> {
  /** Of the identity token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** A whole identity token in place of one with `claims`. */
  readonly token?: string;
  readonly platform?: string;
  readonly environment?: ClientEnvironment;
}

/** An exchange that would succeed, but for the changes. */
export async function exchangeWith(
  world: ClientWorld,
  change: AskedWrongly = {},
): Promise<Result<Earned, ClientProblem>> {
  const { claims, platform = "explicit", environment = environmentOf(world), ...request } = change;
  const token = change.token ?? (await world.sign(claims));
  return exchangeIdentity(environment, {
    server: world.url,
    robot: ROBOT,
    identity: { token, platform, renewable: false },
    scopes: [],
    retryKey: "k".repeat(22),
    ...request,
  });
}

export function environmentOf(
  world: ClientWorld,
  variables: Readonly<Record<string, string>> = {},
): ReturnType<typeof jobEnvironment> {
  return jobEnvironment({ variables }, {}, new TestClock(world.berth.clock.now()));
}

/** A problem of that code, in whole sentences: every fact filled in, and no token in it. */
export function expectProblem(tried: Tried, code: string): ClientProblem {
  if (tried.ok) throw new Error(`${code} was not provoked`);
  const { message, mend } = tried.error;
  expect(tried.error.code).toBe(code);
  for (const text of [message, mend]) {
    expect(text).not.toMatch(/undefined|\[object|eyJ|brc_|^\s|\s$/);
    // A fact that is missing leaves its punctuation behind.
    expect(text).not.toMatch(/ [.,:;]|\(\)/);
  }
  return tried.error;
}
