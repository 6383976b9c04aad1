import { expect } from "vitest";
import type { ManagementReason } from "../../src/domain/rejection.ts";
import type { Ask, ManagedBerth } from "./managed-berth.ts";

/** A call of the management API that is refused; by an operator, unless it says by whom. */
export interface RefusedCall {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the ground for it. */
  readonly given?: (world: ManagedBerth) => Promise<unknown>;
  readonly by?: (world: ManagedBerth) => Promise<Ask>;
  readonly status: number;
  readonly reason: ManagementReason;
  /** A part of the sentence. */
  readonly detail?: string;
}

/** Asks, and holds the answer against the row; nothing is written. */
export async function expectRefused(world: ManagedBerth, row: RefusedCall): Promise<void> {
  await row.given?.(world);
  const before = await world.changes();
  const ask = (await row.by?.(world)) ?? world.operator;
  const { status, body } = await ask(row.method, row.path, row.body, { headers: row.headers ?? {} });
  expect([status, body]).toMatchObject([row.status, { reason: row.reason, status: row.status }]);
  if (row.detail !== undefined) expect((body as { detail: string }).detail).toContain(row.detail);
  expect(await world.changes()).toEqual(before);
}
