import type { RobotName } from "../../domain/access/names.ts";
import type { Account } from "../../domain/accounts/robot.ts";
import type { Directory } from "../../usecases/ports.ts";

/** Who is told what this process reads of robot accounts, and which it changes. */
export interface AccountWatch {
  see(name: RobotName, account: Account | undefined): void;
  forgetNamespace(namespace: string): void;
}

/**
 * `directory` itself, which tells `watch` of each account that it reads, and of each namespace that it changes: before
 * the write, whose answer may be lost, and after it, for what was read in between. A proxy, so that a method which the
 * port gets later is passed on without a line here.
 */
export function watchDirectory(directory: Directory, watch: AccountWatch): Directory {
  const watched: Pick<Directory, "findAccount" | "commitNamespace"> = {
    findAccount: async (robot) => {
      const account = await directory.findAccount(robot);
      watch.see(robot, account);
      return account;
    },
    commitNamespace: async (change) => {
      watch.forgetNamespace(change.name);
      try {
        return await directory.commitNamespace(change);
      } finally {
        watch.forgetNamespace(change.name);
      }
    },
  };
  return new Proxy(directory, {
    get: (target, property) => {
      if (property === "findAccount" || property === "commitNamespace") return watched[property];
      const member: unknown = Reflect.get(target, property, target);
      // With the port itself as `this`: its private fields are not the proxy's.
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
