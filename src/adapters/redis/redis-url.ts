/** Where a server listens. */
export interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  /** At least one. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
  readonly isTls: boolean;
}

const FORM = /^(rediss?):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^@/]+)(?:\/(\d*))?$/;
const DEFAULT_PORT = 6379;

/** Reads `redis[s]://[user:password@]host[:port][,host[:port]…][/database]`; throws RangeError on another text. */
export function parseRedisUrl(text: string): RedisAddress {
  const [, scheme, username = "", password = "", hosts, database = ""] = FORM.exec(text) ?? [];
  const [first, ...others] = (hosts ?? "").split(",").map(parseEndpoint);
  if (first === undefined || hosts === undefined) throw new RangeError("not a Redis URL");
  return {
    endpoints: [first, ...others],
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    database: Number(database),
    isTls: scheme === "rediss",
  };
}

export function nameOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/** `host:port`, the host an IPv6 address in brackets or without. */
function parseEndpoint(text: string): Endpoint {
  const [, host = text, port] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port ?? DEFAULT_PORT) };
}
