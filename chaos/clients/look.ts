import type { Berths } from "../berths.ts";
import type { Exchange } from "../history.ts";
import type { Witness } from "../witness.ts";

/** Logs in at every Berth, at once, with every credential that was handed out. */
export async function lookEverywhere(
  witness: Witness,
  berths: Berths,
  exchanges: readonly Pick<Exchange, "secret">[],
): Promise<void> {
  const secrets = new Set(exchanges.flatMap(({ secret }) => (secret === undefined ? [] : [secret])));
  const places = Array.from({ length: berths.count }, (_, berth) => berth);
  await Promise.all([...secrets].flatMap((secret) => places.map((berth) => witness.login(secret, berth))));
}
