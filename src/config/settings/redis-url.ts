import { err, ok } from "../../domain/result.ts";
import type { Parsed } from "../setting-values.ts";

const FORM = /^rediss?:\/\/(?:[^@/]*@)?([^@/?#]+)(?:\/(\d{0,5}))?$/;

/** `redis[s]://[user:password@]host:port[,host:port…][/database]`: a URL, but for its list of hosts. */
export function parseRedisUrl(text: string): Parsed<string> {
  const [, hosts] = FORM.exec(text) ?? [];
  const problem = "must be redis:// or rediss://, hosts with ports, and a database number where one is used";
  if (hosts === undefined) return err(problem);
  // Each host as the only one, so that the URL standard judges it, and user and password with it.
  const alone = hosts.split(",").map((host) => URL.parse(text.replace(hosts, host)));
  return alone.every((url) => url !== null && url.hostname !== "" && isReadable(url))
    ? ok(text)
    : err(problem);
}

/** Whether user and password are percent-encoded as they should be. */
function isReadable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch (fault) {
    if (fault instanceof URIError) return false;
    throw fault;
  }
}

export function hasSeveralHosts(redisUrl: string): boolean {
  return FORM.exec(redisUrl)?.[1]?.includes(",") === true;
}

/** 0 is every server's, and the only one of a cluster. */
export function databaseOf(redisUrl: string): number {
  return Number(FORM.exec(redisUrl)?.[2] ?? 0);
}
