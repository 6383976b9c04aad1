import { randomBytes } from "node:crypto";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import type { RobotName } from "../../src/domain/access/names.ts";
import type { Credential } from "../../src/domain/accounts/credential.ts";
import { shardOfHash } from "../../src/domain/accounts/secret.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";
import type { SigningKey } from "../traffic.ts";
import { credentialOf } from "./requests.ts";
import type { GrowthServer } from "./server.ts";

/** As many connections as so many Berths have, and the redemptions that are under way on each. */
export const PROCESSES = 8;
const AT_ONCE = 64;

/** A credential that Berth itself has minted, with the event that it wrote: the form of all others. */
export interface Pattern {
  readonly credential: Credential;
  readonly event: AuditEvent;
}

export async function readPattern(
  server: GrowthServer,
  key: SigningKey,
  [robot]: readonly RobotName[],
): Promise<Pattern> {
  if (robot === undefined) throw new Error("there is no robot");
  await credentialOf(server.origin, key, robot);
  const event = (await server.ledger.readEvents(10)).find(({ kind }) => kind === "exchange.granted");
  const stored = await server.ledger.findCredential(event?.credentialId ?? "");
  if (event === undefined || stored === undefined) throw new Error("the exchange left no record");
  return { credential: stored.credential, event };
}

export type Holder = Pick<Credential, "robot" | "robotUid">;

export async function holderOf({ directory }: GrowthServer, robot: RobotName): Promise<Holder> {
  const account = await directory.findAccount(robot);
  if (account === undefined) throw new Error(`there is no ${robot}`);
  return { robot, robotUid: account.robot.uid };
}

/**
 * Redeems `count` times, with the ledger itself: each an identity token and a credential of its own. Every second one
 * is of one of `crowded`, the others each of another robot.
 */
export async function writeCredentials(
  server: GrowthServer,
  pattern: Pattern,
  count: number,
  crowded: readonly Holder[],
): Promise<void> {
  const connections = await Promise.all(Array.from({ length: PROCESSES }, () => server.connect()));
  const ledgers = connections.map((connection) => new RedisLedger(connection));
  let next = 0;
  const worker = async (ledger: RedisLedger) => {
    for (let at = next++; at < count; at = next++) {
      const holder = at % 2 === 0 ? crowded[(at / 2) % crowded.length] : undefined;
      const { kind } = await ledger.redeem(redemptionOf(pattern, holder ?? strangerAt(at), at));
      if (kind !== "minted") throw new Error(`not minted: ${kind}`);
    }
  };
  await Promise.all(ledgers.flatMap((ledger) => Array.from({ length: AT_ONCE }, () => worker(ledger))));
  for (const connection of connections) connection.close();
}

function redemptionOf({ credential, event }: Pattern, holder: Holder, at: number): Redemption {
  const replayKey = randomBytes(32).toString("hex");
  const hash = randomBytes(32).toString("hex");
  const shard = shardOfHash(replayKey);
  const id = `${String(shard).padStart(2, "0")}${hash.slice(0, 32)}`;
  const now = Date.now();
  // They end at different times, and none while this runs.
  const expiresAt = Math.floor(now / 1000) + 3600 - (at % 600);
  return {
    shard,
    replayKey,
    reusable: false,
    tokenIssuedAt: Math.floor(now / 1000) + 1,
    markExpiresAt: expiresAt,
    credential: { ...credential, ...holder, id, hash, expiresAt },
    event: { ...event, robot: holder.robot, credentialId: id },
    now,
  };
}

/** The ledger asks nobody whether the robot is there. */
function strangerAt(at: number): Holder {
  return { robot: `team-${at % 100_000}+r0000000`, robotUid: String(at).padStart(22, "0") };
}
