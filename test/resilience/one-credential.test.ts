import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SUBJECT } from "../support/baseline.ts";
import { type Answer, exchange, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";
import type { RunningBerth } from "./support/running-berth.ts";

const CONCURRENT = 200;
const ROUNDS = [1, 2, 3, 4, 5];
const PROCESSES = 3;

describeOnEachStore("of one identity token", (startWorld) => {
  let world: BerthWorld;
  let berths: readonly RunningBerth[];
  let signed = 0;

  beforeAll(async () => {
    world = await startWorld();
    berths = await Promise.all(Array.from({ length: PROCESSES }, () => world.start()));
  });
  afterAll(() => world.close());

  /** The same identity token, to all processes at once. */
  async function exchangeByAll(form: Record<string, string> = {}): Promise<readonly Answer[]> {
    // A subject of its own: the limit on a tenant's failures is not what is looked at here.
    signed += 1;
    const token = await world.issuer.sign({ sub: `${SUBJECT}-${signed}` });
    return Promise.all(Array.from({ length: CONCURRENT }, (_, at) => exchange(berthAt(at), token, form)));
  }

  function berthAt(at: number): RunningBerth {
    const berth = berths[at % berths.length];
    if (!berth) throw new Error("no Berth has started");
    return berth;
  }

  /** What each process says of the credential. */
  async function statusesOf(credential: string): Promise<readonly number[]> {
    const answers = await Promise.all(berths.map((berth) => registryToken(berth, { password: credential })));
    return answers.map(({ status }) => status);
  }

  describe("a round of 200 exchanges at once", () => {
    // attack 4
    it.each(ROUNDS)("gives one credential (round %i)", async () => {
      const before = await world.minted();
      const answers = await exchangeByAll();
      const granted = answers.filter(({ status }) => status === 200);
      const reasons = answers.filter(({ status }) => status !== 200).map(({ body }) => body.reason);
      expect(granted).toHaveLength(1);
      expect(reasons).toEqual(Array.from({ length: CONCURRENT - 1 }, () => "token_used"));
      expect((await world.minted()) - before).toBe(1);
      expect(await statusesOf(String(granted[0]?.body.access_token))).toEqual(berths.map(() => 200));
    });

    it.each(ROUNDS)("with one retry key leaves one alive (round %i)", async (round) => {
      const answers = await exchangeByAll({ retry_key: `retry-key-of-the-round-${round}` });
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const statuses = await Promise.all(answers.map(({ body }) => statusesOf(String(body.access_token))));
      expect(statuses.filter((each) => each.every((status) => status === 200))).toHaveLength(1);
      expect(statuses.filter((each) => each.every((status) => status === 401))).toHaveLength(CONCURRENT - 1);
    });
  });
});
