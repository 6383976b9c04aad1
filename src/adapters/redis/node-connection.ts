import { Redis } from "ioredis";
import { UnavailableError } from "../../usecases/ports.ts";
import { onClientError } from "./client-errors.ts";
import { connectionCode, replyCode } from "./fault.ts";
import type { ClientOptions } from "./options.ts";
import { hindranceOf, parseServerInfo, type ServerInfo } from "./server-info.ts";

export interface NodeWatch {
  /** Called when the node can be used, when it no longer can, and when its INFO was read. */
  readonly onChange: (node: NodeConnection) => void;
  /** Milliseconds between two looks at INFO: while the server may be used, and while its settings forbid that. */
  readonly wellMs: number;
  readonly illMs: number;
}

/** One connection to one server. It is used only while the server is a primary that evicts nothing. */
export class NodeConnection {
  readonly #client: Redis;
  readonly #watch: NodeWatch;
  #next: NodeJS.Timeout | undefined;
  #fault: string | undefined = "not connected yet";
  #isClosed = false;
  #info: ServerInfo | undefined;
  /** What it answered to the handshake. Without this a SELECT that failed would leave us in another's database. */
  #refusal: string | undefined;

  constructor(options: ClientOptions, watch: NodeWatch) {
    this.#client = new Redis(options);
    this.#watch = watch;
    onClientError(this.#client, (fault) => {
      this.#refusal = replyCode(fault);
      this.#become(connectionCode(fault));
    });
    this.#client.on("close", () => {
      clearTimeout(this.#next);
      this.#info = undefined;
      this.#refusal = undefined;
      this.#become(this.#fault ?? "connection lost");
    });
    this.#client.on("ready", () => void this.#look());
  }

  /** Why it cannot be used now; undefined when it can. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** As of the last look; undefined while there is no connection. */
  get info(): ServerInfo | undefined {
    return this.#info;
  }

  /** The client, to send with at once; throws UnavailableError while the server cannot be used. */
  usable(): Redis {
    if (this.#fault !== undefined) throw new UnavailableError(`Redis cannot be used: ${this.#fault}`);
    return this.#client;
  }

  /**
   * Ends the connection, and ioredis makes a new one. At once, and not when the other side has closed as well: it
   * may never do that.
   */
  replace(reason: string): void {
    this.#become(reason);
    this.#client.stream?.destroy();
  }

  close(): void {
    clearTimeout(this.#next);
    this.#isClosed = true;
    this.#fault = "closed";
    this.#client.disconnect();
  }

  /** What an operator sets may change while both run. */
  async #look(): Promise<void> {
    clearTimeout(this.#next);
    if (this.#refusal !== undefined) return this.replace(this.#refusal);
    try {
      this.#info = parseServerInfo(await this.#client.info());
    } catch (fault) {
      // Without INFO nothing is known of the server.
      return this.replace(connectionCode(fault));
    }
    if (this.#isClosed) return;
    const hindrance = hindranceOf(this.#info);
    if (!this.#info.isPrimary || this.#info.isLoading) return this.replace(hindrance ?? "");
    this.#become(hindrance);
    const { wellMs, illMs } = this.#watch;
    this.#next = setTimeout(() => void this.#look(), hindrance === undefined ? wellMs : illMs);
  }

  #become(fault: string | undefined): void {
    if (this.#isClosed) return;
    this.#fault = fault;
    this.#watch.onChange(this);
  }
}
