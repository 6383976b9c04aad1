import type { FleetPorts } from "./redis-fleet-node.ts";

export interface FleetOptions {
  /** Of the servers; each then needs it of the others as well. */
  readonly password?: string;
  /** Of the Sentinels. */
  readonly sentinelPassword?: string;
  /** Further lines of each server's configuration file; the last of a name holds. */
  readonly settings?: readonly string[];
  /** Each server stands behind a relay, by which it can be cut off from those that `redis-fleet-settings.ts` names. */
  readonly relayed?: boolean;
}

/** A server that does not answer for this long is down, in the eyes of the others. */
export const DOWN_AFTER_MS = 1000;

export const serverSource = (number: number): string => `127.0.1.${number}`;
export const sentinelSource = (number: number): string => `127.0.2.${number}`;
/** By where a connection comes from a relay tells who it is. */
export const isServer = (address: string): boolean => address.startsWith("127.0.1.");
export const isSentinel = (address: string): boolean => address.startsWith("127.0.2.");
/** Berth, and whoever else is not of the fleet. */
export const isClient = (address: string): boolean => address === "127.0.0.1";

/** What every server of a fleet has: it keeps what it acknowledged, and evicts nothing. */
export function serverSettings({ password, settings = [] }: FleetOptions): readonly string[] {
  return [
    "appendonly yes",
    "appendfsync always",
    "maxmemory-policy noeviction",
    'save ""',
    // Replicas follow at once, and not after the five seconds that wait for more of them.
    "repl-diskless-sync-delay 0",
    "repl-ping-replica-period 1",
    "repl-timeout 5",
    ...(password === undefined ? [] : [`requirepass ${password}`, `masterauth ${password}`]),
    ...settings,
  ];
}

export function replicaAnnouncement({ announced }: FleetPorts): readonly string[] {
  return ["replica-announce-ip 127.0.0.1", `replica-announce-port ${announced}`];
}
