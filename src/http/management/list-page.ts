/** A part of a list, and where the next one begins; absent: the list has ended. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/**
 * A page of a list that is in memory already, in the order of its keys (by code units), behind the key `after`. What
 * was added or removed meanwhile moves nothing else.
 */
export function listPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, after = "" }: { readonly limit: number; readonly after?: string | undefined },
): ListPage<Item> {
  const keyed = items.map((item) => ({ item, key: keyOf(item) })).filter(({ key }) => key > after);
  keyed.sort((left, right) => (left.key < right.key ? -1 : 1));
  const page = keyed.slice(0, limit);
  const last = page.at(-1);
  const found = page.map(({ item }) => item);
  return keyed.length > limit && last !== undefined ? { items: found, next: last.key } : { items: found };
}
