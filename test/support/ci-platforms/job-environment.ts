import { type ClientEnvironment, createClientEnvironment } from "../../../src/client/client-environment.ts";
import { TestClock } from "../test-clock.ts";
import type { SimulatedPlatform } from "./simulated-platform.ts";

export interface JobEnvironment extends ClientEnvironment {
  readonly clock: TestClock;
}

/** Nothing of this machine's own platform: a test may run in a pod or at Google itself. */
const OF_THIS_MACHINE = [
  "/var/run/secrets/berth/token",
  "/sys/class/dmi/id/product_name",
  "/mnt/workspace/spacelift.oidc",
];

/**
 * The client's real environment on a simulated platform: real requests, files and programs. Waiting only moves the
 * clock.
 *
 * @param variables Beside the platform's, or in their place; undefined takes one away.
 */
export function jobEnvironment(
  platform: Pick<SimulatedPlatform, "variables" | "paths">,
  variables: Readonly<Record<string, string | undefined>> = {},
  clock = new TestClock(),
): JobEnvironment {
  const real = createClientEnvironment({ ...platform.variables, ...variables });
  const placeOf = (path: string) => {
    const place = platform.paths?.[path];
    return place ?? (OF_THIS_MACHINE.includes(path) ? "/nowhere" : path);
  };
  return {
    ...real,
    clock,
    now: () => clock.now(),
    waitUntil: (unixMs) => clock.waitUntil(unixMs),
    readFile: (path) => real.readFile(placeOf(path)),
    request: ({ socketPath, ...outgoing }) =>
      real.request(socketPath === undefined ? outgoing : { ...outgoing, socketPath: placeOf(socketPath) }),
  };
}
