/** A Worker that puts the store's adapters at the service of tests, in the runtime that they are for. */
import type { ObjectBinding, ObjectBindings } from "../../src/adapters/durable-object/bindings.ts";
import { LedgerObject } from "../../src/adapters/durable-object/ledger-object.ts";
import { NamespaceObject } from "../../src/adapters/durable-object/namespace-object.ts";
import { ALL_SHARDS } from "../../src/adapters/durable-object/object-calls.ts";
import { SystemObject } from "../../src/adapters/durable-object/system-object.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { openDurableObjectStores } from "../../src/entrypoints/durable-object-stores.ts";
import type { RedeemOutcome, Redemption } from "../../src/usecases/store-records.ts";
import { decodeWire, encodeWire } from "./wire.ts";

/** The shards, with a way past them: what a test sets directly in a store. */
export class TestLedgerObject extends LedgerObject {
  #dies = false;

  async ageEpoch(unixSeconds: number): Promise<void> {
    const { sql, kv } = this.ctx.storage;
    if (kv.get("schema") !== undefined) sql.exec("UPDATE epochs SET born_at = ?", unixSeconds);
  }

  async query(sql: string, ...values: (string | number)[]): Promise<unknown[]> {
    return this.ctx.storage.sql.exec(sql, ...values).toArray();
  }

  async setAlarm(unixMilliseconds: number): Promise<void> {
    await this.ctx.storage.setAlarm(unixMilliseconds);
  }

  getAlarm(): Promise<number | null> {
    return this.ctx.storage.getAlarm();
  }

  /** Ends the object as a deployment or a failing machine does, when its next redemption has been written. */
  async dieAtNextRedeem(): Promise<void> {
    this.#dies = true;
  }

  /** Answers nothing for a while. */
  async stall(milliseconds: number): Promise<void> {
    await this.ctx.blockConcurrencyWhile(() => systemClock.waitUntil(Date.now() + milliseconds));
  }

  override async redeem(redemption: Redemption): Promise<RedeemOutcome> {
    const outcome = await super.redeem(redemption);
    if (!this.#dies) return outcome;
    await this.ctx.storage.sync();
    this.ctx.abort("ended by a test");
    throw new Error("an object that has ended went on");
  }
}

export class TestNamespaceObject extends NamespaceObject {
  /** Leaves what a release of that many steps, the first alone or more than ours, would have; then starts anew. */
  async becomeVersion(steps: number): Promise<void> {
    const { sql, kv } = this.ctx.storage;
    const tables = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .toArray();
    const later = tables.filter(({ name }) => name !== "namespace_names" && !name.startsWith("_cf_"));
    if (steps === 1) for (const { name } of later.toReversed()) sql.exec(`DROP TABLE ${name}`);
    kv.put("schema", steps);
    await this.ctx.storage.sync();
    this.ctx.abort("ended by a test");
  }

  async query(sql: string, ...values: (string | number)[]): Promise<unknown[]> {
    return this.ctx.storage.sql.exec(sql, ...values).toArray();
  }
}

export class TestSystemObject extends SystemObject {
  async stall(milliseconds: number): Promise<void> {
    await this.ctx.blockConcurrencyWhile(() => systemClock.waitUntil(Date.now() + milliseconds));
  }
}

/** A call of a port (`ledger`, `redeem`), or of an object by its binding and name (`LEDGER`, `07`, `query`). */
export interface StoreCall {
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly target: string;
  readonly object?: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Callable = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

export default {
  async fetch(request: Request, env: ObjectBindings): Promise<Response> {
    const calls = decodeWire(await request.text()) as readonly StoreCall[];
    return new Response(encodeWire(await Promise.all(calls.map((call) => answer(call, env)))));
  },
};

async function answer(call: StoreCall, env: ObjectBindings) {
  try {
    return { value: await targetOf(call, env)[call.method]?.(...call.args) };
  } catch (fault) {
    const { name, message } = fault as Error;
    return { fault: { name, message, ...(fault as object) } };
  }
}

function targetOf({ target, object, prefix, timeoutMs }: StoreCall, env: ObjectBindings): Callable {
  if (object !== undefined) {
    const binding: ObjectBinding<unknown> = env[target as keyof ObjectBindings];
    return binding.getByName(prefix + object) as Callable;
  }
  if (target === "test") return { ageEpochs: (born) => ageEpochs(env, prefix, Number(born)) };
  const stores = openDurableObjectStores(env, { timeoutMs, namePrefix: prefix });
  return stores[target as keyof typeof stores] as unknown as Callable;
}

async function ageEpochs({ LEDGER }: ObjectBindings, prefix: string, unixSeconds: number): Promise<void> {
  await Promise.all(
    ALL_SHARDS.map((shard) => {
      const object: unknown = LEDGER.getByName(`${prefix}${String(shard).padStart(2, "0")}`);
      return (object as TestLedgerObject).ageEpoch(unixSeconds);
    }),
  );
}
