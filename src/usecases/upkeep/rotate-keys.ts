import {
  activeKey,
  CA_SERIES,
  type KeySeries,
  KID_SERIES,
  keysOf,
  nextKey,
} from "../../domain/keys/key-series.ts";
import type { KeyStatus, StoredKey } from "../../domain/keys/stored-key.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { type KeyDeps, recordKeyChange, secondsNow } from "./key-deps.ts";
import { type KeySummary, summarizeKey } from "./list-keys.ts";
import { removeSpentKeys } from "./open-keys.ts";

/**
 * `publish` makes a key that registries can be given before it signs; `activate` lets it sign, when all have it.
 * Where there is no key yet, nobody holds a copy, and `publish` makes one that signs at once.
 */
type RotationStep = "publish" | "activate";

/** A leaf (`x5c`) has one step: registries trust the CA, and the new leaf comes with each token. */
export type Rotation =
  | { readonly use: "x5c" }
  | { readonly use: "kid"; readonly step: RotationStep }
  | { readonly use: "pinned"; readonly registry: string; readonly step: RotationStep };

export interface RotatedKey {
  /** The key that was published or that signs now. */
  readonly key: KeySummary;
  /** False: a key was published already, and no second one was made. */
  readonly changed: boolean;
}

/**
 * Replaces a key under a running Berth; every instance follows within a second. The old key of a registry that
 * knows keys by id stays published for an hour.
 *
 * @returns A sentence with the mend, when the step is not possible.
 */
export async function rotateKeys(
  deps: KeyDeps,
  rotation: Rotation,
  requestId: string,
): Promise<Result<RotatedKey, string>> {
  await removeSpentKeys(deps);
  const keys = await deps.directory.readKeys();
  const series = await seriesOf(deps, rotation, keys);
  if (!series.ok) return series;
  if (rotation.use === "x5c") return ok(await add(deps, keys, series.value, "active", requestId));
  return rotation.step === "publish"
    ? ok(await publish(deps, keys, series.value, requestId))
    : activate(deps, keysOf(keys, series.value), requestId);
}

async function seriesOf(
  deps: KeyDeps,
  rotation: Rotation,
  keys: readonly StoredKey[],
): Promise<Result<KeySeries, string>> {
  if (rotation.use === "kid") return ok(KID_SERIES);
  if (rotation.use === "pinned") {
    const { registries } = await deps.directory.readSystem();
    const pinned = registries.some(
      ({ service, tokenForm }) => service === rotation.registry && tokenForm === "pinned",
    );
    return pinned
      ? ok({ use: "pinned", registry: rotation.registry })
      : err("no such registry with a pinned key; name it by its service, as the declaration file does");
  }
  const ca = activeKey(keys, CA_SERIES);
  return ca ? ok({ use: "x5c", ca }) : err("there is no CA yet: start Berth, or run `berth keys init`");
}

async function publish(
  deps: KeyDeps,
  keys: readonly StoredKey[],
  series: KeySeries,
  requestId: string,
): Promise<RotatedKey> {
  const published = keysOf(keys, series).find((key) => key.status === "published");
  if (published) return { key: summarizeKey(published), changed: false };
  return add(deps, keys, series, activeKey(keys, series) ? "published" : "active", requestId);
}

async function add(
  deps: KeyDeps,
  keys: readonly StoredKey[],
  series: KeySeries,
  status: KeyStatus,
  requestId: string,
): Promise<RotatedKey> {
  const request = nextKey(keys, series, status, secondsNow(deps.clock));
  const changed = await deps.directory.addKey(await deps.maker.make(request));
  if (changed) await recordKeyChange(deps, requestId, `key ${request.name}: ${status}`);
  const key = (await deps.directory.readKeys()).find(({ name }) => name === request.name);
  if (key === undefined) throw new Error(`the directory lost the key ${request.name} that was just written`);
  return { key: summarizeKey(key), changed };
}

/**
 * The new key first, so that there is one at every moment. A crash between the writes leaves two active ones, of
 * which the newer signs; the same step again retires the older.
 */
async function activate(
  deps: KeyDeps,
  keys: readonly StoredKey[],
  requestId: string,
): Promise<Result<RotatedKey, string>> {
  const next =
    keys.findLast(({ status }) => status === "published") ??
    keys.findLast(({ status }) => status === "active");
  const old = keys.filter((key) => key !== next && key.status !== "retired");
  if (next === undefined || (next.status === "active" && old.length === 0)) {
    return err("no key is published ahead of its use: run the step `publish` first");
  }
  const active: StoredKey = { ...next, status: "active" };
  await deps.directory.replaceKey(active);
  for (const key of old) {
    await deps.directory.replaceKey({ ...key, status: "retired", retiredAt: secondsNow(deps.clock) });
  }
  await recordKeyChange(deps, requestId, `key ${next.name}: active`);
  return ok({ key: summarizeKey(active), changed: true });
}
