import { Redis } from "ioredis";
import { UnavailableError } from "../../usecases/ports.ts";
import { onClientError } from "./client-errors.ts";
import { connectionCode } from "./fault.ts";
import { SLOTS } from "./key-slot.ts";
import { type ConnectionOptions, deadlineOf, sideOptions } from "./options.ts";
import type { Endpoint } from "./redis-url.ts";

/** Which primary has which slot, as one node of the cluster sees it. */
export interface SlotMap {
  /** By slot; undefined: nobody has it. */
  readonly owners: readonly (Endpoint | undefined)[];
  /** Every node, replicas too: any of them can be asked again. */
  readonly members: readonly Endpoint[];
}

/** CLUSTER SLOTS; the host of a node is null where the cluster does not know it: it is the one that was asked. */
type Member = [host: string | null, port: number, ...rest: unknown[]];
type Range = [from: number, to: number, ...members: Member[]];

/** Asks one node over a connection of its own, which no other command waits behind. Throws UnavailableError. */
export async function readSlotMap(options: ConnectionOptions, asked: Endpoint): Promise<SlotMap> {
  const client = new Redis({
    ...sideOptions(options, asked, "node"),
    retryStrategy: null,
    commandTimeout: deadlineOf(options) / 2,
  });
  let fault: unknown;
  onClientError(client, (raised) => {
    fault = raised;
  });
  try {
    await client.connect();
    return parseSlots((await client.cluster("SLOTS")) as Range[], asked);
  } catch (raised) {
    const code = connectionCode(fault ?? raised);
    throw new UnavailableError(code === "ERR" ? "it is no node of a cluster" : code);
  } finally {
    client.disconnect();
  }
}

function parseSlots(ranges: readonly Range[], asked: Endpoint): SlotMap {
  const owners = Array.from<Endpoint | undefined>({ length: SLOTS });
  const members: Endpoint[] = [];
  for (const [from, to, ...nodes] of ranges) {
    const endpoints = nodes.map(([host, port]) => ({ host: host || asked.host, port }));
    owners.fill(endpoints[0], from, to + 1);
    members.push(...endpoints);
  }
  return { owners, members };
}
