import * as z from "zod";
import { ok, type Result } from "../../domain/result.ts";
import type { Api, ApiAnswer, ApiRequest } from "./api-client.ts";
import type { ApiRefusal } from "./api-refusal.ts";

/** As many as the API gives at once. */
const PAGE = 1000;

/** A list to its end, as one answer: its pages' items in `member`, everything else as the last page has it. */
export async function listAll(
  api: Api,
  path: string,
  member: string,
  query: ApiRequest["query"] = {},
): Promise<Result<Pick<ApiAnswer, "body">, ApiRefusal>> {
  const page = z.looseObject({ [member]: z.array(z.unknown()), next_page: z.string().optional() });
  const items: unknown[] = [];
  let next: string | undefined;
  for (;;) {
    const answer = await api.call("GET", path, { query: { ...query, limit: PAGE, next_page: next } });
    if (!answer.ok) return answer;
    const read = page.safeParse(answer.value.body);
    // `show` says of it what there is to say.
    if (!read.success) return answer;
    const { next_page: following, [member]: found, ...rest } = read.data;
    for (const item of found as readonly unknown[]) items.push(item);
    if (following === undefined) return ok({ body: { ...rest, [member]: items } });
    next = following as string;
  }
}
