import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { SqliteAuditLog } from "../../src/adapters/audit/sqlite-audit-log.ts";
import { CachedSystem } from "../../src/adapters/directory/cached-system.ts";
import { SqliteApiTokens } from "../../src/adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { Envelope } from "../../src/adapters/keys/envelope.ts";
import { EnvelopedKeyMaker } from "../../src/adapters/keys/enveloped-key-maker.ts";
import { KeyRing } from "../../src/adapters/keys/key-ring.ts";
import { NodeSigner } from "../../src/adapters/keys/node-signer.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { SqliteNearMisses } from "../../src/adapters/ledger/sqlite-near-misses.ts";
import { createSignatureVerifier } from "../../src/adapters/oidc/jose-verifier.ts";
import { type BucketSize, TokenBuckets } from "../../src/adapters/runtime/token-buckets.ts";
import { trustedProxies } from "../../src/adapters/runtime/trusted-proxies.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { openDatabase } from "../../src/adapters/sqlite/database.ts";
import type { Registry } from "../../src/domain/access/registry.ts";
import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { TrustedIssuer } from "../../src/domain/identity/issuer.ts";
import type { FederationRule } from "../../src/domain/rules/federation-rule.ts";
import { createDeclarationReader } from "../../src/entrypoints/declaration-reader.ts";
import { createApp } from "../../src/http/app.ts";
import type { AppDeps, AppEnv } from "../../src/http/deps.ts";
import { type Metrics, noMetrics } from "../../src/usecases/metrics.ts";
import type { Directory } from "../../src/usecases/ports.ts";
import { openKeys } from "../../src/usecases/upkeep/open-keys.ts";
import { aNamespace, anEvent, aRegistry, aRobot, aRule, PUBLIC_URL } from "./baseline.ts";
import { type FakeIssuer, startFakeIssuer } from "./fake-issuer.ts";
import { TestClock } from "./test-clock.ts";
import { startWorkerBerth, workerUnderTest } from "./worker-berth.ts";

/** What differs from the baseline: one issuer, registry, namespace, robot and rule. */
export interface BerthChange {
  readonly issuer?: Partial<TrustedIssuer>;
  readonly registries?: readonly Registry[];
  readonly namespace?: Partial<Namespace>;
  readonly robot?: Partial<Robot>;
  readonly rule?: Partial<FederationRule>;
  readonly publicUrl?: string;
  readonly refusalDelayMs?: number;
  readonly peerAddress?: string;
  /** Absent: requests are not limited by address. */
  readonly addressLimit?: BucketSize;
  /** Absent: so many that no test meets it by chance. */
  readonly failureLimit?: BucketSize;
  readonly metrics?: Metrics;
  /** Addresses and networks, as in BERTH_TRUSTED_PROXIES. */
  readonly trustedProxies?: readonly string[];
}

/** The app on a real SQLite file, with a real issuer, real keys, and a clock that the test moves. */
export interface TestBerth {
  readonly app: Hono<AppEnv>;
  /** What the app is made of, for tests of a use case alone. */
  readonly deps: AppDeps;
  readonly issuer: FakeIssuer;
  readonly clock: TestClock;
  /** The store's own clock, which follows `clock` until it is moved apart. */
  readonly storeClock: TestClock;
  readonly directory: SqliteDirectory;
  readonly ledger: SqliteLedger;
  readonly nearMisses: SqliteNearMisses;
  readonly auditLog: SqliteAuditLog;
  /** Log lines, one object each. */
  readonly log: Record<string, unknown>[];
  readonly keys: KeyRing;
  /** Events that the app handed to the audit trail. */
  readonly trail: AuditEvent[];
  /** Credentials minted so far. */
  minted(): Promise<number>;
  /** Puts the records in place of those that are there, as an operator would. */
  put(change: BerthChange): Promise<void>;
  /** Closes the database under the app: from then on every store call fails. */
  breakStore(): void;
  close(): Promise<void>;
}

/** On Node; in the Workers runtime where a run of the tests is about that (test/workerd). */
export async function startTestBerth(change: BerthChange = {}): Promise<TestBerth> {
  const worker = workerUnderTest();
  if (worker !== undefined) return startWorkerBerth(worker, change, putRecords);
  const folder = mkdtempSync(join(tmpdir(), "berth-app-"));
  const clock = new TestClock();
  const storeClock = new TestClock(clock.now());
  const issuer = await startFakeIssuer({ now: () => clock.now() });
  const db = openDatabase(join(folder, "berth.db"));
  const directory = new SqliteDirectory(db, storeClock);
  const ledger = new SqliteLedger(db, storeClock);
  const nearMisses = new SqliteNearMisses(db);
  const auditLog = new SqliteAuditLog(db);
  const envelope = new Envelope([{ id: "test", key: new Uint8Array(32) }], webRandom);
  const maker = new EnvelopedKeyMaker(envelope, webRandom);
  await openKeys({ directory, ledger, clock, maker }, "test");
  await ledger.open();
  const keys = new KeyRing({ directory, envelope, clock, random: webRandom });
  const log: Record<string, unknown>[] = [];
  const trail: AuditEvent[] = [];
  const deps: AppDeps = {
    publicUrl: change.publicUrl ?? PUBLIC_URL,
    refusalDelayMs: change.refusalDelayMs ?? 100,
    directory,
    ledger,
    apiTokens: new SqliteApiTokens(db),
    nearMisses,
    auditLog,
    system: new CachedSystem(directory, clock),
    verifier: createSignatureVerifier({ clock, report: () => undefined }),
    keys,
    maker,
    declarations: createDeclarationReader(change.publicUrl ?? PUBLIC_URL),
    signer: new NodeSigner(keys),
    trail: { add: (event) => trail.push(event) },
    clock,
    random: webRandom,
    metrics: change.metrics ?? noMetrics,
    failureLimit: new TokenBuckets(change.failureLimit ?? { perSecond: 1, burst: 1_000_000 }, clock),
    addressLimit: change.addressLimit && new TokenBuckets(change.addressLimit, clock),
    auditLoss: () => ({ events: 0 }),
    log: (level, message, fields) => log.push({ level, message, ...fields }),
    peerAddress: () => change.peerAddress,
    isTrustedProxy: trustedProxies(change.trustedProxies ?? []),
  };
  const put = (records: BerthChange) => putRecords(directory, issuer, records);
  await put(change);
  let open = true;
  const breakStore = () => {
    if (open) db.close();
    open = false;
  };
  const minted = async () =>
    (await ledger.readEvents(1000)).filter(({ kind }) => kind === "exchange.granted").length;
  return {
    app: createApp(deps),
    deps,
    issuer,
    clock,
    storeClock,
    directory,
    ledger,
    nearMisses,
    auditLog,
    log,
    keys,
    trail,
    minted,
    put,
    breakStore,
    close: async () => {
      breakStore();
      await issuer.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function putRecords(directory: Directory, issuer: FakeIssuer, change: BerthChange): Promise<void> {
  const event = anEvent(Date.now(), { kind: "directory.changed" });
  const system = await directory.readSystem();
  await directory.commitSystem({
    fromRevision: system.revision,
    putIssuers: [issuer.issuer(change.issuer)],
    removeIssuers: [],
    putRegistries: change.registries ?? [aRegistry()],
    removeRegistries: [],
    event,
  });
  const records = await directory.readNamespace("acme");
  const rule = aRule({ issuer: issuer.url, ...change.rule });
  await directory.commitNamespace({
    name: "acme",
    fromRevision: records?.revision ?? 0,
    namespace: aNamespace(change.namespace),
    putRobots: [aRobot({ rules: [rule], ...change.robot })],
    removeRobots: [],
    event,
  });
}
