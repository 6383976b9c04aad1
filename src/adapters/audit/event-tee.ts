import type { AuditEvent } from "../../domain/audit-event.ts";
import type { ApiTokens, Directory, Ledger } from "../../usecases/ports.ts";
import type { AuditSink } from "./audit-sink.ts";

/** For each method of a port that writes events: those that stand in the store once it has answered. */
type WrittenEvents<Port> = {
  readonly [Method in keyof Port]?: Port[Method] extends (...args: infer Args) => Promise<infer Outcome>
    ? (args: Args, outcome: Outcome) => readonly AuditEvent[]
    : never;
};

const LEDGER: WrittenEvents<Ledger> = {
  redeem: ([{ event }], outcome) => {
    if (outcome.kind !== "minted") return [];
    return [outcome.replaced === undefined ? event : { ...event, replacedCredentialId: outcome.replaced }];
  },
  revoke: ([, , event], outcome) => (outcome === "revoked" ? [event] : []),
  record: ([events]) => events,
  startEpoch: ([event]) => [event],
};

const DIRECTORY: WrittenEvents<Directory> = {
  // Of two first matches at once that saw the same ids only one is in the store, and both are told of.
  pinIdentity: ([{ ids, event }], standing) => (isEqual(ids, standing) ? [event] : []),
  commitSystem: ([{ event }], outcome) => (outcome === "committed" ? [event] : []),
  commitNamespace: ([{ event }], outcome) => (outcome === "committed" ? [event] : []),
  releaseName: ([, event], released) => (released ? [event] : []),
};

const API_TOKENS: WrittenEvents<ApiTokens> = {
  add: ([, event], added) => (added ? [event] : []),
  remove: ([, event], removed) => (removed ? [event] : []),
};

/**
 * The ledger, which hands each event on to `sink` once the store has it. A call that fails hands on nothing, though
 * the store may have written it: its answer was lost.
 */
export function teeLedger(ledger: Ledger, sink: AuditSink): Ledger {
  return tee(ledger, LEDGER, sink);
}

/** As `teeLedger`. */
export function teeDirectory(directory: Directory, sink: AuditSink): Directory {
  return tee(directory, DIRECTORY, sink);
}

/** As `teeLedger`. */
export function teeApiTokens(apiTokens: ApiTokens, sink: AuditSink): ApiTokens {
  return tee(apiTokens, API_TOKENS, sink);
}

type AnyWritten = (args: readonly unknown[], outcome: unknown) => readonly AuditEvent[];

/** A proxy, so that a method which a port gets later is passed on without a line here. */
function tee<Port extends object>(port: Port, written: WrittenEvents<Port>, sink: AuditSink): Port {
  return new Proxy(port, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== "function") return member;
      const eventsOf = written[property as keyof Port] as AnyWritten | undefined;
      // With the port itself as `this`: its private fields are not the proxy's.
      if (eventsOf === undefined) return member.bind(target);
      return async (...args: unknown[]) => {
        const outcome: unknown = await member.apply(target, args);
        sink.write(eventsOf(args, outcome));
        return outcome;
      };
    },
  });
}

function isEqual(
  ids: Readonly<Record<string, string>>,
  standing?: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(ids);
  return (
    standing !== undefined &&
    names.length === Object.keys(standing).length &&
    names.every((name) => ids[name] === standing[name])
  );
}
