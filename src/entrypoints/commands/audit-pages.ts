import * as z from "zod";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Api, ApiRequest } from "./api-client.ts";
import { type ApiRefusal, NOT_UNDERSTOOD } from "./api-refusal.ts";

/** An event as it came; what is read of it stands here. */
const event = z.looseObject({
  time: z.string(),
  kind: z.string(),
  request_id: z.string(),
  reason: z.string().optional(),
  detail: z.string().optional(),
  actor: z.string().optional(),
  changes: z.array(z.object({ object: z.string() })).optional(),
  namespace: z.string().optional(),
  robot: z.string().optional(),
  subject: z.string().optional(),
});
export type ShownEvent = z.output<typeof event>;

/** The events themselves, with all that they have: `changes` is cut to what is read of it. */
const page = z.object({ events: z.array(z.looseObject({})), next_page: z.string().optional() });

/** As many as the API gives at once. */
const PAGE = 1000;

export interface Newest {
  readonly events: readonly ShownEvent[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

/** The newest events first, at most `limit`. A page may be short, or empty, and not the last. */
export async function readNewest(
  api: Api,
  path: string,
  query: NonNullable<ApiRequest["query"]>,
  limit: number,
): Promise<Result<Newest, ApiRefusal>> {
  const events: ShownEvent[] = [];
  let next: string | undefined;
  do {
    const size = Math.min(PAGE, Math.max(1, limit - events.length));
    const answer = await api.call("GET", path, { query: { ...query, limit: size, next_page: next } });
    if (!answer.ok) return answer;
    const read = page.safeParse(answer.value.body);
    if (!read.success || !read.data.events.every(isEvent)) return err(NOT_UNDERSTOOD);
    events.push(...read.data.events);
    next = read.data.next_page;
  } while (next !== undefined && events.length < limit);
  return ok({ events: events.slice(0, limit), more: next !== undefined || events.length > limit });
}

function isEvent(value: unknown): value is ShownEvent {
  return event.safeParse(value).success;
}
