import type { BenchRequest } from "../load.ts";
import type { SigningKey } from "../traffic.ts";

/** A server under one kind of load, and what it does for one request. */
export interface Peer {
  readonly name: string;
  readonly work: string;
  readonly origin: string;
  /** Of the server, and of the store where that is a process of its own. */
  cpuMs(): { readonly server: number; readonly store: number };
  requests(count: number): Promise<readonly BenchRequest[]>;
}

/** What a peer needs to start. */
export interface PeerSetting {
  readonly folder: string;
  readonly key: SigningKey;
  readonly redis: { readonly url: string; cpuMs(): number };
  /** Ends it with the run. */
  onClose(stop: () => Promise<void>): void;
}
