import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { RedisApiTokens } from "../../../src/adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../../../src/adapters/directory/redis-directory.ts";
import { SqliteApiTokens } from "../../../src/adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../../src/adapters/directory/sqlite-directory.ts";
import { RedisLedger } from "../../../src/adapters/ledger/redis-ledger.ts";
import { SqliteLedger } from "../../../src/adapters/ledger/sqlite-ledger.ts";
import { connectRedis } from "../../../src/adapters/redis/connection.ts";
import { systemClock } from "../../../src/adapters/runtime/system-clock.ts";
import { openDatabase } from "../../../src/adapters/sqlite/database.ts";
import type { AuditEvent } from "../../../src/domain/audit-event.ts";
import type { ApiTokens, Directory, Ledger } from "../../../src/usecases/ports.ts";
import { type Run, runCommand } from "../../interop/support/command.ts";
import { PUBLIC_URL, SERVICE, SUBJECT } from "../../support/baseline.ts";
import {
  type BerthOptions,
  type BerthProcess,
  CLI,
  ENCRYPTION_KEY,
  startBerth,
} from "../../support/berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "../../support/fake-issuer.ts";
import { describeWith } from "../../support/find-server.ts";
import { findRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import type { RunningBerth } from "./running-berth.ts";
import { Traffic } from "./traffic.ts";

/** More than any of these tests writes. */
const ALL_EVENTS = 10_000;

/** One suite for each store. */
export function describeOnEachStore(
  name: string,
  suite: (startWorld: () => Promise<BerthWorld>) => void,
): void {
  describe(`${name}, on one SQLite file`, () => suite(() => startWorldOn("sqlite")));
  describeOnRedis(`${name}, on one Redis`, suite);
}

export function describeOnRedis(name: string, suite: (startWorld: () => Promise<BerthWorld>) => void): void {
  describeWith("redis", findRedis(), name, () => suite(() => startWorldOn("redis")));
}

async function startWorldOn(store: "sqlite" | "redis"): Promise<BerthWorld> {
  const folder = mkdtempSync(join(tmpdir(), "berth-resilience-"));
  const redis = store === "redis" ? await startRedis(["--dir", folder]) : undefined;
  return new BerthWorld(folder, await startFakeIssuer(), redis);
}

export interface StoreOfWorld {
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly apiTokens: ApiTokens;
}

/** A CI platform, one store, and any number of Berth processes on it. */
export class BerthWorld {
  /** Of all that is written, by Redis too. */
  readonly folder: string;
  readonly issuer: FakeIssuer;
  readonly #redis: RedisServer | undefined;
  readonly #started: BerthProcess[] = [];
  readonly #spawned: ChildProcess[] = [];
  readonly #traffic: Traffic[] = [];

  constructor(folder: string, issuer: FakeIssuer, redis: RedisServer | undefined) {
    this.folder = folder;
    this.issuer = issuer;
    this.#redis = redis;
  }

  get onRedis(): boolean {
    return this.#redis !== undefined;
  }

  /** The Redis under test; throws on a world of another store. */
  get redis(): RedisServer {
    if (this.#redis === undefined) throw new Error("this world is not on Redis");
    return this.#redis;
  }

  /** One more Berth on the store; on the port of one that has ended, its successor. */
  async start(change: Pick<BerthOptions, "port" | "env" | "cli"> = {}): Promise<RunningBerth> {
    const berth = await startBerth({
      declaration: declarationOf(this.issuer),
      folder: this.folder,
      publicUrl: PUBLIC_URL,
      ...change,
      env: { ...this.#storeSettings, ...change.env },
    });
    this.#started.push(berth);
    const origin = `http://127.0.0.1:${berth.port}`;
    return { ...berth, request: (path, init) => fetch(origin + path, init) };
  }

  /** Runs the `berth` command with the settings of this world's servers, and `env`. */
  command(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
    return this.commandOf(CLI, env, ...args);
  }

  /** The same of another release. */
  commandOf(cli: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
    return runCommand(process.execPath, [cli, ...args], { env: { ...this.#settings, ...env } });
  }

  /** Traffic to `berth` that ends with this world at the latest. */
  startTraffic(berth: RunningBerth): Traffic {
    const traffic = new Traffic(this.issuer, berth);
    this.#traffic.push(traffic);
    return traffic;
  }

  /** Starts the `berth` command, to be killed: at the end of this world at the latest. */
  spawn(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [CLI, ...args], { env: this.#settings, stdio: "ignore" });
    this.#spawned.push(child);
    return child;
  }

  /** The store itself, past Berth. */
  async withStore<T>(use: (store: StoreOfWorld) => Promise<T>): Promise<T> {
    if (this.#redis === undefined) {
      const db = openDatabase(join(this.folder, "berth.db"));
      try {
        return await use({
          directory: new SqliteDirectory(db, systemClock),
          ledger: new SqliteLedger(db, systemClock),
          apiTokens: new SqliteApiTokens(db),
        });
      } finally {
        db.close();
      }
    }
    const connection = connectRedis({ url: this.#redis.url, keyPrefix: "berth:" });
    try {
      await connection.whenReady();
      return await use({
        directory: new RedisDirectory(connection),
        ledger: new RedisLedger(connection),
        apiTokens: new RedisApiTokens(connection),
      });
    } finally {
      connection.close();
    }
  }

  /** What the store has recorded, the newest first. */
  events(): Promise<readonly AuditEvent[]> {
    return this.withStore(({ ledger }) => ledger.readEvents(ALL_EVENTS));
  }

  /** How many credentials were minted. */
  async minted(): Promise<number> {
    return (await this.events()).filter(({ kind }) => kind === "exchange.granted").length;
  }

  get #settings(): Record<string, string> {
    return {
      BERTH_PUBLIC_URL: PUBLIC_URL,
      BERTH_DATA_DIR: this.folder,
      BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
      ...this.#storeSettings,
    };
  }

  get #storeSettings(): Record<string, string> {
    return this.#redis ? { BERTH_REDIS_URL: this.#redis.url } : {};
  }

  async close(): Promise<void> {
    for (const traffic of this.#traffic) void traffic.stop();
    for (const child of this.#spawned) child.kill("SIGKILL");
    await Promise.all(this.#started.map((berth) => berth.kill()));
    await Promise.all([this.#redis?.stop(), this.issuer.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One robot with one rule, which the baseline's identity token matches. */
function declarationOf(issuer: FakeIssuer): string {
  const rule = { issuer: issuer.url, subject: `${SUBJECT}*` };
  const permissions = [{ registry: SERVICE, repository: "acme/app", role: "write" }];
  return JSON.stringify({
    revision: 1,
    issuers: [{ url: issuer.url, ca_pem: issuer.caPem, private_network: true }],
    registries: [{ service: SERVICE, url: "https://registry.example.com", token: "x5c" }],
    namespaces: [{ name: "acme", robots: [{ name: "builder", permissions, rules: [rule] }] }],
  });
}
