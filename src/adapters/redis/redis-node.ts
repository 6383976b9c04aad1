import type { Redis } from "ioredis";
import { asking, type RedisCommand } from "./command.ts";
import { DurableWriter } from "./durable-writer.ts";
import { replyCode } from "./fault.ts";
import { NodeConnection } from "./node-connection.ts";
import { type ConnectionOptions, clientOptions, deadlineOf, NO_DURABILITY, WATCH_MS } from "./options.ts";
import { type Endpoint, nameOf } from "./redis-url.ts";
import type { ServerInfo } from "./server-info.ts";

/** One server, as Berth sends to it. */
export class RedisNode {
  readonly name: string;
  readonly #reads: NodeConnection;
  /** The same one where no write waits for replicas. */
  readonly #writes: NodeConnection;
  readonly #writer: DurableWriter | undefined;

  constructor(options: ConnectionOptions, endpoint: Endpoint, onChange: (node: RedisNode) => void) {
    this.name = nameOf(endpoint);
    const { durability = NO_DURABILITY, watchMs = WATCH_MS } = options;
    const watch = { onChange: () => onChange(this), wellMs: watchMs.well, illMs: watchMs.ill };
    const connect = () => new NodeConnection(clientOptions(options, endpoint), watch);
    this.#reads = connect();
    const isWaiting = durability.waitReplicas > 0 || durability.waitAof;
    this.#writes = isWaiting ? connect() : this.#reads;
    if (isWaiting) {
      this.#writer = new DurableWriter(this.#writes, durability, Math.ceil(deadlineOf(options) / 4));
    }
  }

  /** Why it cannot be used now; undefined when it can. */
  get fault(): string | undefined {
    return this.#reads.fault ?? this.#writes.fault;
  }

  get info(): ServerInfo | undefined {
    return this.#reads.info;
  }

  /** @param isAsking Whether the server is only about to take over the slot. */
  async send<T>(command: (client: Redis) => Promise<T>, isAsking: boolean): Promise<T> {
    const client = this.#reads.usable();
    try {
      return await command(isAsking ? asking(client) : client);
    } catch (fault) {
      this.#judge(fault);
      throw fault;
    }
  }

  call(command: RedisCommand, isAsking: boolean): Promise<unknown> {
    return this.send((client) => client.call(...command), isAsking);
  }

  /** Resolves when the command's writes are as durable as the settings ask. */
  async write(
    command: RedisCommand,
    touchedKey: string,
    isAsking: boolean,
    deadline: number,
  ): Promise<unknown> {
    if (this.#writer === undefined) return this.call(command, isAsking);
    try {
      return await this.#writer.write(command, touchedKey, isAsking, deadline);
    } catch (fault) {
      this.#judge(fault);
      throw fault;
    }
  }

  /** The primary has become a replica: whoever is the primary now, neither connection is of any use. */
  #judge(fault: unknown): void {
    if (replyCode(fault) === "READONLY") this.replace("it is a replica");
  }

  replace(reason: string): void {
    this.#reads.replace(reason);
    if (this.#writes !== this.#reads) this.#writes.replace(reason);
  }

  close(): void {
    this.#reads.close();
    this.#writes.close();
  }
}
