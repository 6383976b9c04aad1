import { type IntendedUse, reportOn } from "./server-check.ts";
import type { Topology } from "./topology.ts";

/** Tells of a change in what can be used, and of new warnings: each once, however often it is looked at. */
export class Notices {
  readonly #use: IntendedUse;
  readonly #tell: (notice: string) => void;
  #fault: string | undefined = "not connected yet";
  #warnings: ReadonlySet<string> | undefined;

  constructor(use: IntendedUse, tell: (notice: string) => void = () => undefined) {
    this.#use = use;
    this.#tell = tell;
  }

  look(topology: Topology): void {
    const before = this.#fault;
    const fault = topology.fault();
    this.#fault = fault;
    // Before the first success the start tells what is wrong.
    if (this.#warnings !== undefined && (fault === undefined) !== (before === undefined)) {
      this.#tell(fault === undefined ? "Redis can be used again" : `Redis cannot be used: ${fault}`);
    }
    if (fault === undefined) this.#warn(topology);
  }

  #warn(topology: Topology): void {
    const found = topology.nodes().flatMap(({ info }) => (info ? reportOn(info, this.#use).warnings : []));
    const before = this.#warnings;
    this.#warnings = new Set(found);
    if (before === undefined) return;
    for (const warning of this.#warnings) if (!before.has(warning)) this.#tell(warning);
  }
}
