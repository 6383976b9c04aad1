import type { BerthProcess } from "../../support/berth-process.ts";

/** A Berth process, as `test/support/requests.ts` asks one. */
export interface RunningBerth extends BerthProcess {
  request(path: string, init?: RequestInit): Promise<Response>;
}
