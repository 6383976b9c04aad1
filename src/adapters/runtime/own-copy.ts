/**
 * `text` in memory of its own, for what a process keeps. The engine keeps a part that was cut from a string as a view
 * of the whole: a map whose keys were cut from requests would keep those requests, 16 KiB of headers for each name.
 */
export function ownCopy<T extends string>(text: T): T {
  return JSON.parse(JSON.stringify(text)) as T;
}
