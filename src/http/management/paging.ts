import * as z from "zod";
import { decodeBase64url, encodeBase64url } from "../../domain/identity/base64url.ts";

const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;

const limitSentence = `must be a whole number from 1 to ${MAX_PAGE}`;

/** How many there may be on a page. */
export function limitField(fallback = DEFAULT_PAGE) {
  return z.coerce
    .number({ error: limitSentence })
    .int(limitSentence)
    .min(1, limitSentence)
    .max(MAX_PAGE, limitSentence)
    .default(fallback)
    .meta({ description: `At most so many on a page. ${fallback} unless it says otherwise.` });
}

/** Where a page begins: the `next_page` of the page before. */
export const nextPageField = z
  .string()
  .max(1024)
  .transform((text, context) => {
    const position = decodePosition(text);
    if (position !== undefined) return position;
    context.addIssue({ code: "custom", message: "must be the next_page of the page before" });
    return z.NEVER;
  })
  .optional()
  .meta({ description: "The `next_page` of the page before; its content is Berth's own." });

/** The `next_page` member behind `position`; nothing where the list has ended. */
export function nextPage(position: string | undefined): { next_page?: string } {
  if (position === undefined) return {};
  return { next_page: encodeBase64url(new TextEncoder().encode(position)) };
}

function decodePosition(text: string): string | undefined {
  const bytes = decodeBase64url(text);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The decoder throws for nothing but malformed UTF-8.
    return undefined;
  }
}
