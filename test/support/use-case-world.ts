import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { AppDeps } from "../../src/http/deps.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "./berth-app.ts";

/** Berth's use cases on real adapters, each call of which leaves a note, in order. */
export interface UseCaseWorld extends Omit<TestBerth, "app" | "deps" | "put"> {
  readonly deps: AppDeps;
  /** `port.method` of each call outside since the last look, in order. */
  takeSteps(): readonly string[];
  /** What was handed to the ledger to redeem. */
  readonly redemptions: Redemption[];
  /** Puts records in place of those that are there, and lets every cache of the old ones run out. */
  put(change: BerthChange): Promise<void>;
  /** The events of credentials that were minted, the newest first. */
  grants(): Promise<readonly AuditEvent[]>;
}

/** Who asks, in each of these tests. */
export const CONTEXT = { requestId: "request-1", clientAddress: "192.0.2.7" } as const;

export async function startUseCaseWorld(change: BerthChange = {}): Promise<UseCaseWorld> {
  const { app: _, deps, ...berth } = await startTestBerth(change);
  const steps: string[] = [];
  const redemptions: Redemption[] = [];
  const noted = <Port extends object>(name: string, port: Port) =>
    notingCalls(port, (method, [argument]) => {
      if (method !== "now") steps.push(`${name}.${method}`);
      if (method === "redeem") redemptions.push(argument as Redemption);
    });
  return {
    ...berth,
    deps: {
      ...deps,
      directory: noted("directory", deps.directory),
      ledger: noted("ledger", deps.ledger),
      apiTokens: noted("apiTokens", deps.apiTokens),
      system: noted("system", deps.system),
      verifier: noted("verifier", deps.verifier),
      signer: noted("signer", deps.signer),
      clock: noted("clock", deps.clock),
      trail: noted("trail", deps.trail),
    },
    takeSteps: () => steps.splice(0),
    redemptions,
    put: async (records) => {
      await berth.put(records);
      berth.clock.advance(1000);
      berth.storeClock.advance(1000);
    },
    grants: async () =>
      (await berth.ledger.readEvents(1000)).filter(({ kind }) => kind === "exchange.granted"),
  };
}

/** `port` itself, which tells of each call before it makes it. */
function notingCalls<Port extends object>(
  port: Port,
  note: (method: string, args: readonly unknown[]) => void,
): Port {
  return new Proxy(port, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        note(String(property), args);
        return member.apply(target, args);
      };
    },
  });
}
