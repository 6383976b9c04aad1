import { UnavailableError } from "../../usecases/ports.ts";
import type { Redirect } from "./fault.ts";
import { slotOfKey } from "./key-slot.ts";
import type { ConnectionOptions } from "./options.ts";
import { RedisNode } from "./redis-node.ts";
import { type Endpoint, nameOf, parseRedisUrl } from "./redis-url.ts";
import { readSlotMap, type SlotMap } from "./slot-map.ts";
import type { Topology } from "./topology.ts";

/** Milliseconds between two looks at the slots: while all is well, and while some slot has no usable primary. */
const WELL_MS = 60_000;
const ILL_MS = 250;

/** The primaries of a cluster, each with the slots that it has. */
export class ClusterTopology implements Topology {
  readonly #options: ConnectionOptions;
  readonly #onChange: () => void;
  readonly #seeds: readonly Endpoint[];
  readonly #nodes = new Map<string, RedisNode>();
  /** By slot, the name of its primary. */
  #owners: (string | undefined)[] = [];
  /** Asked in turn, each look begins with another: one that is cut off tells of the past. */
  #members: readonly Endpoint[] = [];
  #turn = 0;
  #next: NodeJS.Timeout | undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  #isReading = false;
  #isClosed = false;
  #fault = "not connected yet";

  constructor(options: ConnectionOptions, onChange: () => void) {
    this.#options = options;
    this.#onChange = onChange;
    this.#seeds = parseRedisUrl(options.url).endpoints;
    void this.#read();
  }

  nodeOf(key: string): RedisNode {
    const node = this.#nodes.get(this.#owners[slotOfKey(key)] ?? "");
    if (node !== undefined) return node;
    this.refresh();
    throw new UnavailableError(`Redis cannot be used: ${this.#fault}`);
  }

  redirected({ kind, slot, host, port }: Redirect): RedisNode {
    const from = this.#nodes.get(this.#owners[slot] ?? "");
    const endpoint = { host: host || (from?.name.replace(/:\d+$/, "") ?? ""), port };
    if (kind === "MOVED") {
      this.#owners[slot] = nameOf(endpoint);
      this.refresh();
    }
    return this.#join(endpoint);
  }

  refresh(): void {
    this.#schedule(ILL_MS);
  }

  nodes(): readonly RedisNode[] {
    return [...this.#nodes.values()];
  }

  fault(): string | undefined {
    if (this.#owners.length === 0) return this.#fault;
    if (this.#owners.includes(undefined)) return "a slot of the cluster has no primary";
    return this.nodes().find(({ fault }) => fault !== undefined)?.fault;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#next);
    for (const node of this.#nodes.values()) node.close();
  }

  /** The sooner of two looks holds. */
  #schedule(inMs: number): void {
    const at = performance.now() + inMs;
    if (this.#isReading || this.#isClosed || this.#nextAt <= at) return;
    clearTimeout(this.#next);
    this.#nextAt = at;
    this.#next = setTimeout(() => void this.#read(), inMs);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    this.#nextAt = Number.POSITIVE_INFINITY;
    const asked = [...this.#members, ...this.#seeds];
    this.#turn += 1;
    const from = this.#turn % asked.length;
    for (const endpoint of [...asked.slice(from), ...asked.slice(0, from)]) {
      if (await this.#readFrom(endpoint)) break;
    }
    this.#isReading = false;
    this.#schedule(this.fault() === undefined ? WELL_MS : ILL_MS);
  }

  async #readFrom(endpoint: Endpoint): Promise<boolean> {
    try {
      const map = await readSlotMap(this.#options, endpoint);
      if (!this.#isClosed) this.#apply(map);
      return true;
    } catch (fault) {
      if (!(fault instanceof UnavailableError)) throw fault;
      this.#fault = fault.message;
      return false;
    }
  }

  #apply({ owners, members }: SlotMap): void {
    const present = new Map(owners.flatMap((owner) => (owner ? [[nameOf(owner), owner] as const] : [])));
    for (const endpoint of present.values()) this.#join(endpoint);
    for (const [name, node] of this.#nodes) {
      if (present.has(name)) continue;
      this.#nodes.delete(name);
      node.close();
    }
    this.#owners = owners.map((owner) => owner && nameOf(owner));
    this.#members = members;
    this.#onChange();
  }

  #join(endpoint: Endpoint): RedisNode {
    const name = nameOf(endpoint);
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node = new RedisNode(this.#options, endpoint, () => this.#onNode(node));
    this.#nodes.set(name, node);
    return node;
  }

  #onNode(node: RedisNode): void {
    if (node.fault !== undefined && this.#nodes.get(node.name) === node) this.refresh();
    this.#onChange();
  }
}
