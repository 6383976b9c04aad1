import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { Clock } from "../../usecases/ports.ts";
import type { Api, ApiRequest } from "./api-client.ts";
import { tellRefusal } from "./api-refusal.ts";
import { readNewest, type ShownEvent } from "./audit-pages.ts";

interface Following {
  readonly api: Api;
  readonly path: string;
  readonly query: NonNullable<ApiRequest["query"]>;
  readonly print: (event: ShownEvent) => void;
  readonly clock?: Clock;
}

const INTERVAL_MS = 2000;
/**
 * Events get into the record up to a second late, and by the clock of whoever wrote them: so far back each look
 * goes, and what was shown before is left out.
 */
const OVERLAP_MS = 15_000;
/** Far more than one look finds; beyond it the oldest are left out. */
const MOST = 100_000;

/** Prints events as they come, the oldest first, until a look is refused: the exit code then. */
export async function followAudit({
  api,
  path,
  query,
  print,
  clock = systemClock,
}: Following): Promise<number> {
  const begun = clock.now();
  const since = query.since === undefined ? begun : Math.min(begun, Date.parse(String(query.since)));
  let shown = new Map<string, number>();
  for (let from = since; ; ) {
    const looked = clock.now();
    const read = await readNewest(api, path, { ...query, since: new Date(from).toISOString() }, MOST);
    if (!read.ok) return tellRefusal(read.error);
    for (const event of read.value.events.toReversed()) {
      const line = JSON.stringify(event);
      if (!shown.has(line)) print(event);
      shown.set(line, Date.parse(event.time));
    }
    from = Math.max(since, looked - OVERLAP_MS);
    shown = new Map([...shown].filter(([, at]) => at >= from));
    await clock.waitUntil(looked + INTERVAL_MS);
  }
}
