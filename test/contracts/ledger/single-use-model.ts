import fc from "fast-check";
import { expect, it } from "vitest";
import type { RedeemOutcome, Redemption } from "../../../src/usecases/store-records.ts";
import type { LedgerUnderTest } from "../ledger-contract.ts";
import { aliveIds, newHash, newRedemption } from "./redemptions.ts";

/** The retry keys of five redemptions of one identity token: three share one. */
const RETRY_KEYS = ["a", "a", "a", "b", undefined] as const;

const STEPS = fc.array(
  fc.record({ act: fc.constantFrom("redeem", "redeem", "revoke"), at: fc.nat(RETRY_KEYS.length - 1) }),
  { maxLength: 20 },
);

/** What the port promises of one single-use identity token, in the fewest words. */
class Model {
  readonly #minted = new Map<number, RedeemOutcome>();
  readonly #revoked = new Set<number>();
  #current: number | undefined;

  redeem(at: number, id: (at: number) => string): RedeemOutcome {
    const mark = this.#current;
    if (mark === undefined) return this.#mint(at, { kind: "minted" });
    if (this.#revoked.has(at)) return { kind: "used" };
    if (mark === at) return this.#minted.get(at) ?? { kind: "used" };
    if (this.#revoked.has(mark) || RETRY_KEYS[at] === undefined || RETRY_KEYS[at] !== RETRY_KEYS[mark])
      return { kind: "used" };
    this.#revoked.add(mark);
    return this.#mint(at, { kind: "minted", replaced: id(mark) });
  }

  revoke(at: number): "revoked" | "unchanged" | "unknown" {
    if (!this.#minted.has(at)) return "unknown";
    if (this.#revoked.has(at)) return "unchanged";
    this.#revoked.add(at);
    return "revoked";
  }

  alive(): number[] {
    return [...this.#minted.keys()].filter((at) => !this.#revoked.has(at));
  }

  #mint(at: number, outcome: RedeemOutcome): RedeemOutcome {
    this.#current = at;
    this.#minted.set(at, outcome);
    return outcome;
  }
}

export function singleUseModel(under: () => LedgerUnderTest): void {
  it("never has two credentials alive of one identity token, whatever comes in which order", async () => {
    const { ledger, clock } = under();
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        const model = new Model();
        const redemptions = redemptionsOfOneToken(clock);
        const idOf = (at: number) => redemptions[at]?.credential.id ?? "";
        for (const { act, at } of steps) {
          const redemption = redemptions[at];
          if (redemption === undefined) throw new Error("the steps name a redemption that is not there");
          if (act === "redeem") {
            expect(await ledger.redeem(redemption)).toStrictEqual(model.redeem(at, idOf));
          } else {
            const { id, issuedAt } = redemption.credential;
            expect(await ledger.revoke(id, issuedAt, redemption.event)).toBe(model.revoke(at));
          }
          expect(await aliveIds(ledger, redemptions)).toStrictEqual(model.alive().map(idOf));
          expect(model.alive().length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    );
  });
}

function redemptionsOfOneToken(clock: LedgerUnderTest["clock"]): Redemption[] {
  const replayKey = newHash();
  return RETRY_KEYS.map((key) =>
    newRedemption(clock, {
      replayKey,
      ...(key === undefined ? {} : { retryKeyHash: key.repeat(64) }),
    }),
  );
}
