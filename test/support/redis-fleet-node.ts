import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "../../demo/free-port.ts";
import { findRedis } from "./redis-server.ts";
import { TcpRelay } from "./tcp-relay.ts";

export interface FleetPorts {
  /** On which the node itself listens. */
  readonly own: number;
  /** On which all others reach it: its relay's, where it has one. */
  readonly announced: number;
  /** The same two of its cluster bus. */
  readonly ownBus: number;
  readonly announcedBus: number;
}

export interface FleetNodeOptions {
  readonly kind: "server" | "sentinel";
  /** Lines of its configuration file, which it may rewrite as servers of a fleet do. */
  readonly settings: (ports: FleetPorts) => readonly string[];
  readonly password?: string | undefined;
  /**
   * A relay stands before it, so that it can be cut off, and what it connects to sees it come from this address
   * (`bind-source-addr`; all of 127.0.0.0/8 is this machine, on Linux).
   */
  readonly relayedFrom?: string | undefined;
}

/** Another process may take a port between the look and the start. */
const PORT_ATTEMPTS = 5;
const ANSWER_MS = 5000;
/** A Sentinel does not say that it is ready. */
const STARTED = /Ready to accept connections|Sentinel ID is/;

/** One redis-server of a fleet: a process of its own on loopback, with a folder and a configuration file. */
export class FleetNode {
  readonly ports: FleetPorts;
  /** Undefined where it was started without. */
  readonly relay: TcpRelay | undefined;
  readonly #busRelay: TcpRelay | undefined;
  readonly #folder: string;
  readonly #options: FleetNodeOptions;
  #child: ChildProcess | undefined;

  private constructor(
    options: FleetNodeOptions,
    ports: FleetPorts,
    relays: readonly [TcpRelay, TcpRelay] | undefined,
  ) {
    this.#options = options;
    this.ports = ports;
    this.relay = relays?.[0];
    this.#busRelay = relays?.[1];
    this.#folder = mkdtempSync(join(tmpdir(), "berth-fleet-"));
    const own = [`bind 127.0.0.1`, `port ${ports.own}`, `dir ${this.#folder}`];
    const source = options.relayedFrom === undefined ? [] : [`bind-source-addr ${options.relayedFrom}`];
    writeFileSync(this.#file, [...own, ...source, ...options.settings(ports), ""].join("\n"));
  }

  static async start(options: FleetNodeOptions): Promise<FleetNode> {
    for (let attempt = 1; ; attempt += 1) {
      const node = await FleetNode.#prepare(options);
      try {
        await node.#launch();
        return node;
      } catch (fault) {
        await node.stop();
        if (attempt === PORT_ATTEMPTS) throw fault;
      }
    }
  }

  static async #prepare(options: FleetNodeOptions): Promise<FleetNode> {
    const [own, ownBus] = [await freePort(), await freePort()];
    if (options.relayedFrom === undefined) {
      return new FleetNode(options, { own, ownBus, announced: own, announcedBus: ownBus }, undefined);
    }
    const relays = [await TcpRelay.start(own), await TcpRelay.start(ownBus)] as const;
    const [announced, announcedBus] = [relays[0].port, relays[1].port];
    return new FleetNode(options, { own, ownBus, announced, announcedBus }, relays);
  }

  /** Where all others reach it. */
  get port(): number {
    return this.ports.announced;
  }

  /** `127.0.0.1:port` */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Of the process that runs now. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Where its connections come from. */
  get source(): string {
    return this.#options.relayedFrom ?? "127.0.0.1";
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** One command, past the relay, over a connection of its own. */
  async call(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const { password } = this.#options;
    const client = new Redis({
      host: "127.0.0.1",
      port: this.ports.own,
      ...(password === undefined ? {} : { password }),
      protocol: 2,
      disableClientInfo: true,
      commandTimeout: ANSWER_MS,
      connectTimeout: ANSWER_MS,
      retryStrategy: () => null,
    });
    client.on("error", () => undefined);
    try {
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }

  /** A field of INFO, "" where there is none. */
  async info(section: string, field: string): Promise<string> {
    const text = String(await this.call("INFO", section));
    return new RegExp(`^${field}:([^\\r\\n]*)`, "m").exec(text)?.[1] ?? "";
  }

  /** SIGKILL; ports and folder stay. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Starts it again on its ports and its folder, after ending it where it still runs. */
  async restart(): Promise<void> {
    await this.#end("SIGTERM");
    await this.#launch();
  }

  /** SIGSTOP: connections stand, nothing answers. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Nothing passes any more to and from who comes from an address that `isCut` names; the cluster bus included. */
  cut(isCut: (address: string) => boolean): void {
    if (this.relay === undefined) throw new Error("this fleet was started without relays");
    this.relay.cut(isCut);
    this.#busRelay?.cut(isCut);
  }

  heal(): void {
    this.cut(() => false);
  }

  /** Ends it, and removes its folder. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    await Promise.all([this.relay?.stop(), this.#busRelay?.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, "redis.conf");
  }

  async #launch(): Promise<void> {
    const program = findRedis();
    if (program === undefined) throw new Error("there is no redis-server");
    const args = [this.#file, ...(this.#options.kind === "sentinel" ? ["--sentinel"] : [])];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    // A run that is cut short leaves no server behind.
    const killOnExit = () => child.kill("SIGKILL");
    process.once("exit", killOnExit);
    child.once("exit", () => process.off("exit", killOnExit));
    await started(child);
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.kill(signal);
      // A paused process takes no SIGTERM.
      child.kill("SIGCONT");
    });
  }
}

function started(child: ChildProcess): Promise<void> {
  let printed = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4096);
      if (STARTED.test(printed)) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}:\n${printed}`)));
  });
}
