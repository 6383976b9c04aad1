import { beforeEach, expect, it } from "vitest";
import { aNamespace, anEvent, aRobot } from "../../../test/support/baseline.ts";
import type { Account } from "../../domain/accounts/robot.ts";
import { type Directory, UnavailableError } from "../../usecases/ports.ts";
import type { NamespaceChange } from "../../usecases/store-records.ts";
import { watchDirectory } from "./watched-directory.ts";

const ACCOUNT: Account = { namespace: aNamespace(), robot: aRobot() };
const CHANGE: NamespaceChange = {
  name: "acme",
  fromRevision: 1,
  namespace: aNamespace(),
  putRobots: [],
  removeRobots: [],
  event: anEvent(0),
};

/** With private state, as adapters have it. */
class OneAccount {
  readonly #account = ACCOUNT;
  readonly open = true;

  async findAccount(name: string) {
    return name === "acme+builder" ? this.#account : undefined;
  }
  async commitNamespace({ fromRevision }: NamespaceChange) {
    steps.push("commit");
    if (fromRevision === 0) throw new UnavailableError("its answer was lost");
    return "committed";
  }
  async listNamespaces() {
    return [this.#account.namespace];
  }
}

let steps: unknown[];
let directory: Directory;
beforeEach(() => {
  steps = [];
  directory = watchDirectory(new OneAccount() as unknown as Directory, {
    see: (name, account) => steps.push([name, account]),
    forgetNamespace: (name) => steps.push(`forget ${name}`),
  });
});

it("tells of each account that is read, and of one that is not there", async () => {
  expect(await directory.findAccount("acme+builder")).toBe(ACCOUNT);
  expect(await directory.findAccount("acme+gone")).toBe(undefined);
  expect(steps).toEqual([
    ["acme+builder", ACCOUNT],
    ["acme+gone", undefined],
  ]);
});

it("tells of a change before and after it", async () => {
  expect(await directory.commitNamespace(CHANGE)).toBe("committed");
  expect(steps).toEqual(["forget acme", "commit", "forget acme"]);
});

it("tells of a change whose answer was lost", async () => {
  await expect(directory.commitNamespace({ ...CHANGE, fromRevision: 0 })).rejects.toThrow(UnavailableError);
  expect(steps).toEqual(["forget acme", "commit", "forget acme"]);
});

it("is the directory in everything else", async () => {
  expect(await directory.listNamespaces()).toEqual([ACCOUNT.namespace]);
  expect((directory as unknown as OneAccount).open).toBe(true);
  expect(steps).toEqual([]);
});
