import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespaceChange, aRemoval, aSystemChange } from "../../../test/contracts/directory/changes.ts";
import { newHash, newRedemption } from "../../../test/contracts/ledger/redemptions.ts";
import { anEvent, aRobot, aRule } from "../../../test/support/baseline.ts";
import { newSqliteStore, type SqliteStore } from "../../../test/support/sqlite-store.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { type ApiTokens, type Directory, type Ledger, UnavailableError } from "../../usecases/ports.ts";
import { SqliteApiTokens } from "../directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../directory/sqlite-directory.ts";
import { SqliteLedger } from "../ledger/sqlite-ledger.ts";
import { systemClock } from "../runtime/system-clock.ts";
import { teeApiTokens, teeDirectory, teeLedger } from "./event-tee.ts";

let store: SqliteStore;
let ledger: Ledger;
let directory: Directory;
let apiTokens: ApiTokens;
let sunk: AuditEvent[];
/** What the store has, the oldest first. */
const stored = async () => (await ledger.readEvents(100)).toReversed();

beforeEach(() => {
  store = newSqliteStore();
  const db = store.connect();
  sunk = [];
  const sink = {
    lost: 0,
    write: (events: readonly AuditEvent[]) => void sunk.push(...events),
    close: async () => {},
  };
  ledger = teeLedger(new SqliteLedger(db, systemClock), sink);
  directory = teeDirectory(new SqliteDirectory(db, systemClock), sink);
  apiTokens = teeApiTokens(new SqliteApiTokens(db), sink);
});
afterEach(() => store.remove());

/** Later than the birth of the epoch that the redemption brings about. */
const redemption = (retryKeyHash: string) =>
  newRedemption(systemClock, { retryKeyHash, tokenIssuedAt: Math.floor(Date.now() / 1000) + 60 });

describe("the ledger's events", () => {
  it("go on once they are stored, as they are stored, and those of a refusal do not", async () => {
    const retryKeyHash = newHash();
    const [first, retry, replay] = [
      redemption(retryKeyHash),
      redemption(retryKeyHash),
      redemption(newHash()),
    ];
    await ledger.redeem(first);
    await ledger.redeem(retry);
    expect(await ledger.redeem(replay)).toEqual({ kind: "used" });
    const revoked = anEvent(1, { kind: "credential.revoked" });
    expect(await ledger.revoke(retry.credential.id, 1, revoked)).toBe("revoked");
    expect(await ledger.revoke(retry.credential.id, 1, revoked)).toBe("unchanged");
    expect(await ledger.revoke(replay.credential.id, 1, revoked)).toBe("unknown");
    await ledger.record([anEvent(2), anEvent(3)]);
    await ledger.startEpoch(anEvent(4, { kind: "epoch.started" }));
    expect(sunk).toHaveLength(6);
    expect(sunk).toStrictEqual(await stored());
  });

  it("leave the ledger's other answers as they are", async () => {
    const { credential, ...rest } = redemption(newHash());
    await ledger.redeem({ ...rest, credential });
    expect(await ledger.findCredential(credential.id)).toStrictEqual({ credential, epochStands: true });
  });
});

describe("the directory's events", () => {
  it("go on once they are stored, and those of a conflict do not", async () => {
    const robot = aRobot({ rules: [aRule({ pin: "first-use" })] });
    await directory.commitNamespace(aNamespaceChange({ putRobots: [robot] }));
    expect(await directory.commitNamespace(aNamespaceChange())).toBe("conflict");
    await directory.commitSystem(aSystemChange());
    expect(await directory.commitSystem(aSystemChange())).toBe("conflict");
    const pin = {
      robot: "acme+builder",
      robotUid: "robot-uid",
      ruleId: "rule-1",
      ids: { repository_id: "1", repository_owner_id: "2" },
      event: anEvent(1, { kind: "identity.pinned" }),
    } as const;
    await directory.pinIdentity(pin);
    await directory.pinIdentity({ ...pin, ids: { ...pin.ids, repository_id: "3" } });
    await directory.pinIdentity({ ...pin, ids: { repository_id: "1" } });
    expect(await directory.pinIdentity({ ...pin, robotUid: "other" })).toBeUndefined();
    const released = anEvent(2, { kind: "namespace.released" });
    expect(await directory.releaseName("acme", released)).toBe(false);
    await directory.commitNamespace(aRemoval(1));
    expect(await directory.releaseName("acme", released)).toBe(true);
    expect(sunk).toHaveLength(5);
    expect(sunk).toStrictEqual(await stored());
  });
});

describe("the events of API tokens", () => {
  const TOKEN = {
    id: "ab".repeat(16),
    hash: "ab".repeat(32),
    description: "",
    scopes: ["super:user"],
    namespaces: "all",
    createdAt: 1,
    expiresAt: 2,
    createdBy: "operator",
  } as const;

  it("go on once they are stored", async () => {
    const created = anEvent(1, { kind: "api_token.created" });
    const revoked = anEvent(2, { kind: "api_token.revoked" });
    expect(await apiTokens.add(TOKEN, created, "first")).toBe(true);
    expect(await apiTokens.add({ ...TOKEN, id: "cd".repeat(16) }, created, "first")).toBe(false);
    expect(await apiTokens.remove(TOKEN.id, revoked)).toBe(true);
    expect(await apiTokens.remove(TOKEN.id, revoked)).toBe(false);
    expect(sunk).toStrictEqual([created, revoked]);
    expect(sunk).toStrictEqual(await stored());
  });
});

it("hands nothing on of a store that does not answer", async () => {
  store.remove();
  await expect(ledger.record([anEvent(1)])).rejects.toBeInstanceOf(UnavailableError);
  await expect(directory.commitSystem(aSystemChange())).rejects.toBeInstanceOf(UnavailableError);
  expect(sunk).toEqual([]);
  store = newSqliteStore();
});
