import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApiToken } from "../../src/domain/accounts/api-token.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { ApiTokens } from "../../src/usecases/ports.ts";
import { anApiToken, anEvent } from "../support/baseline.ts";

export interface ApiTokensUnderTest {
  readonly apiTokens: ApiTokens;
  /** Another instance on the same store, as another process has it. */
  readonly second: ApiTokens;
  /** The audit events that were written so far, the oldest first. */
  events(): Promise<readonly AuditEvent[]>;
  close(): Promise<void>;
}

const CREATED = anEvent(1, { kind: "api_token.created" });
const REVOKED = anEvent(2, { kind: "api_token.revoked" });

function tokenOf(name: string, change: Partial<ApiToken> = {}): ApiToken {
  const hash = createHash("sha256").update(name).digest("hex");
  return anApiToken({ hash, id: hash.slice(0, 32), description: name, ...change });
}

const SUPER = tokenOf("operator", { scopes: ["super:user"], namespaces: "all" });

/**
 * What every adapter of `ApiTokens` must do.
 *
 * @param open Gives a store that is empty, at each call.
 */
export function apiTokensContract(name: string, open: () => Promise<ApiTokensUnderTest>): void {
  describe(`API tokens contract: ${name}`, () => {
    let under: ApiTokensUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    it("has none at first", async () => {
      expect(await under.apiTokens.list()).toStrictEqual([]);
      expect(await under.apiTokens.find(SUPER.id)).toBeUndefined();
      expect(await under.events()).toStrictEqual([]);
    });

    it("gives each back with every field, through every instance, and lists them by their creation", async () => {
      const last = tokenOf("last", { createdAt: 30, user: "alice", namespaces: ["alice", "acme"] });
      const first = tokenOf('first "é"\n', { createdAt: 10 });
      const middle = tokenOf("middle", { createdAt: 20, scopes: ["org:read", "audit:read"] });
      for (const token of [last, first, middle]) {
        expect(await under.apiTokens.add(token, CREATED)).toBe(true);
      }
      for (const token of [last, first, middle]) {
        expect(await under.second.find(token.id)).toStrictEqual(token);
      }
      expect(await under.second.list()).toStrictEqual([first, middle, last]);
      expect(await under.events()).toStrictEqual([CREATED, CREATED, CREATED]);
    });

    it("removes one, once, with its event, and keeps the others", async () => {
      const [kept, gone] = [tokenOf("kept"), tokenOf("gone")];
      await under.apiTokens.add(kept, CREATED);
      await under.apiTokens.add(gone, CREATED);
      expect(await under.second.remove(gone.id, REVOKED)).toBe(true);
      expect(await under.apiTokens.remove(gone.id, REVOKED)).toBe(false);
      expect(await under.apiTokens.find(gone.id)).toBeUndefined();
      expect(await under.apiTokens.list()).toStrictEqual([kept]);
      expect(await under.events()).toStrictEqual([CREATED, CREATED, REVOKED]);
    });

    it("takes one again as if its answer had been lost, and no other under its id", async () => {
      expect(await under.apiTokens.add(SUPER, CREATED, "first")).toBe(true);
      expect(await under.second.add(SUPER, CREATED, "first")).toBe(true);
      expect(await under.second.add({ ...SUPER, description: "other" }, CREATED)).toBe(false);
      expect(await under.apiTokens.list()).toStrictEqual([SUPER]);
      expect(await under.events()).toStrictEqual([CREATED]);
    });

    it("takes a first one after tokens that have no super:user", async () => {
      const reader = tokenOf("reader", { scopes: ["org:read"] });
      await under.apiTokens.add(reader, CREATED);
      expect(await under.second.add(SUPER, CREATED, "first")).toBe(true);
      expect(await under.second.find(SUPER.id)).toStrictEqual(SUPER);
    });

    it.each(["first", undefined] as const)(
      "takes no first one once there was one, though it is removed (added as: %s)",
      async (only) => {
        await under.apiTokens.add(SUPER, CREATED, only);
        const other = tokenOf("another operator", { scopes: ["org:read", "super:user"] });
        expect(await under.second.add(other, CREATED, "first")).toBe(false);
        await under.apiTokens.remove(SUPER.id, REVOKED);
        expect(await under.second.add(other, CREATED, "first")).toBe(false);
        expect(await under.second.add(SUPER, CREATED, "first")).toBe(false);
        expect(await under.second.list()).toStrictEqual([]);
        expect(await under.events()).toStrictEqual([CREATED, REVOKED]);
        expect(await under.second.add(other, CREATED)).toBe(true);
      },
    );

    it("takes one of 20 first ones at once", async () => {
      const tokens = Array.from({ length: 20 }, (_, at) => tokenOf(`t${at}`, { scopes: ["super:user"] }));
      const added = await Promise.all(
        tokens.map((token, at) => (at % 2 ? under.apiTokens : under.second).add(token, CREATED, "first")),
      );
      expect(added.filter((wrote) => wrote)).toHaveLength(1);
      expect(await under.apiTokens.list()).toStrictEqual([tokens[added.indexOf(true)]]);
      expect(await under.events()).toStrictEqual([CREATED]);
    });
  });
}
