import { join } from "node:path";
import { ok, type Result } from "../domain/result.ts";
import { changeOwnJson, readOwnJson } from "./auth-file/own-json.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";

/** A login that this program filed: enough to find it again, and nothing that opens anything. */
export interface LoginRecord {
  readonly key: string;
  readonly server: string;
  readonly robot: string;
  readonly scope: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** SHA-256 of the credential: whether an entry is still this login's. */
  readonly hash: string;
  /** Of the exchange that earned it: the same one again ends this credential, and gives its successor. */
  readonly exchangeId: string;
  /** `jobMark` of the job. */
  readonly job: string;
  /** The files of logins that have an entry, and the store that has the secret instead. */
  readonly filed: readonly { readonly file: string; readonly store?: string }[];
}

/** What stands beside a Docker configuration, in a file of mode 0600. */
export interface LoginRecords {
  readonly logins: readonly LoginRecord[];
  /** By exchange id. Opens nothing without the identity token, which stands nowhere. */
  readonly retryKeys: Readonly<Record<string, RetryKey>>;
  /** Only in a configuration that was made for one job: what its variables were before. */
  readonly madeFor?: { readonly previous: Readonly<Record<string, string>> };
}

interface RetryKey {
  readonly key: string;
  /** Unix seconds. */
  readonly madeAt: number;
}

/** Whether two records are of one login: an entry that another credential has taken is another login's. */
export function isSameLogin(one: LoginRecord, other: LoginRecord): boolean {
  return one.key === other.key && one.job === other.job && one.hash === other.hash;
}

const FILE = "berth-logins.json";
/** No identity token lives longer (GitLab's, by its longest job), so nobody asks with an older key. */
const RETRY_KEY_SECONDS = 24 * 3600;
const NONE: LoginRecords = { logins: [], retryKeys: {} };

export async function readLoginRecords(folder: string): Promise<LoginRecords> {
  return recordsIn(await readOwnJson(join(folder, FILE)));
}

/** Changes the records of one folder, and forgets keys whose time is over. No records are no file. */
export async function changeLoginRecords(
  environment: ClientEnvironment,
  folder: string,
  change: (records: LoginRecords) => LoginRecords,
): Promise<Result<LoginRecords, ClientProblem>> {
  const nowSeconds = Math.floor(environment.now() / 1000);
  const changed = await changeOwnJson(environment, join(folder, FILE), (members) => {
    const records = pruned(change(recordsIn(members)), nowSeconds);
    return isEmpty(records) ? undefined : records;
  });
  return changed.ok ? ok(changed.value ?? NONE) : changed;
}

function isEmpty({ logins, retryKeys, madeFor }: LoginRecords): boolean {
  return logins.length === 0 && Object.keys(retryKeys).length === 0 && madeFor === undefined;
}

function pruned(records: LoginRecords, nowSeconds: number): LoginRecords {
  const alive = Object.entries(records.retryKeys).filter(
    ([, { madeAt }]) => madeAt + RETRY_KEY_SECONDS > nowSeconds,
  );
  return { ...records, retryKeys: Object.fromEntries(alive) };
}

/** The file is this user's alone, and of the one version: its members are as this program wrote them. */
function recordsIn(members: Partial<LoginRecords>): LoginRecords {
  return { ...NONE, ...members };
}
