import { UnavailableError } from "../../usecases/ports.ts";

/**
 * `port` itself, which tells of each call that ended in an UnavailableError. The caller gets the port's own promise, so
 * no call waits for the counting.
 */
export function countFailures<Port extends object>(port: Port, failed: () => void): Port {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(port, {
    get: (target, name) => {
      if (!methods.has(name)) methods.set(name, countedMember(target, name, failed));
      return methods.get(name);
    },
  });
}

function countedMember(target: object, name: PropertyKey, failed: () => void): unknown {
  const member: unknown = Reflect.get(target, name, target);
  if (typeof member !== "function") return member;
  return (...args: unknown[]) => {
    const result: unknown = member.apply(target, args);
    if (result instanceof Promise) {
      result.catch((fault: unknown) => {
        if (fault instanceof UnavailableError) failed();
      });
    }
    return result;
  };
}
