import { exchangeRequests, SERVICE, type SigningKey } from "../traffic.ts";
import { NAMESPACES, type ScaledBerth, type Size } from "./berth.ts";
import { robotAt, shortNameAt } from "./records.ts";

/** One request of an operation on one namespace, and what it must answer. */
interface Sent {
  readonly path: string;
  readonly init: RequestInit;
  readonly status: number;
}

export interface Operation {
  readonly name: string;
  /** The `round`th request. Made before the clock starts. */
  request(berth: ScaledBerth, size: Size, round: number): Promise<Sent>;
}

/** Milliseconds; throws at another answer than the operation's. */
export async function timeOf(berth: ScaledBerth, { path, init, status }: Sent): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(berth.origin + path, init);
  const text = await response.text();
  const took = performance.now() - startedAt;
  if (response.status !== status) throw new Error(`${path}: ${response.status} ${text}`);
  return took;
}

const PAGE = 100;
/** A page, counted from the first robot. */
const PAGES: Readonly<Record<string, (robots: number) => number>> = {
  first: () => 0,
  middle: (robots) => Math.floor(robots / 2),
  last: (robots) => Math.max(0, robots - PAGE),
};

/** What people and jobs do all day: these stay usable however large a namespace is. */
export function operations(key: SigningKey): readonly Operation[] {
  return [
    ...Object.entries(PAGES).map(([name, at]) => listPage(name, at)),
    managed("list, as Quay has it", (size) => `/organization/${NAMESPACES[size]}/robots`),
    managed("get one", (size, berth) => robotPath(size, Math.floor(berth.robots[size] / 2))),
    {
      name: "create one",
      request: async (berth, size, round) => ({
        ...asOperator(berth, `${namespacePath(size)}/robots`, "POST", { name: `new-${round}` }),
        status: 201,
      }),
    },
    {
      name: "change one",
      request: async (berth, size, round) =>
        asOperator(berth, robotPath(size, round % berth.robots[size]), "PATCH", {
          description: `round ${round}`,
        }),
    },
    managed("near misses", (size) => `${namespacePath(size)}/near-misses`),
    { name: "exchange", request: (berth, size, round) => exchangeOf(key, berth, size, round) },
    { name: "registry token", request: (berth, size, round) => registryTokenOf(key, berth, size, round) },
  ];
}

/** Once for each namespace, and last. */
export const DELETE_NAMESPACE: Operation = {
  name: "delete the namespace",
  request: async (berth, size) => asOperator(berth, namespacePath(size), "DELETE"),
};

function listPage(name: string, at: (robots: number) => number): Operation {
  return managed(`list, ${name} page`, (size, berth) => {
    const from = at(berth.robots[size]);
    const after = from === 0 ? "" : robotAt(NAMESPACES[size], from - 1);
    const place = after === "" ? "" : `&next_page=${Buffer.from(after).toString("base64url")}`;
    return `${namespacePath(size)}/robots?limit=${PAGE}${place}`;
  });
}

function managed(name: string, path: (size: Size, berth: ScaledBerth) => string): Operation {
  return { name, request: async (berth, size) => asOperator(berth, path(size, berth), "GET") };
}

function namespacePath(size: Size): string {
  return `/namespaces/${NAMESPACES[size]}`;
}

function robotPath(size: Size, at: number): string {
  return `${namespacePath(size)}/robots/${shortNameAt(at)}`;
}

function asOperator({ apiToken }: ScaledBerth, path: string, method: string, body?: object): Sent {
  const headers = { authorization: `Bearer ${apiToken}`, "content-type": "application/json" };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return { path: `/api/v1${path}`, init: { method, headers, ...content }, status: 200 };
}

/** Each round with another robot, whose rules no cache holds. */
async function exchangeOf(key: SigningKey, berth: ScaledBerth, size: Size, round: number): Promise<Sent> {
  const robot = robotAt(NAMESPACES[size], round % berth.robots[size]);
  const [one] = await exchangeRequests(key, berth.origin, 1, robot);
  if (one === undefined) throw new Error("no request");
  const { path, method, headers, body = "" } = one;
  return { path, init: { method, headers, body }, status: 200 };
}

async function registryTokenOf(
  key: SigningKey,
  berth: ScaledBerth,
  size: Size,
  round: number,
): Promise<Sent> {
  const robot = robotAt(NAMESPACES[size], round % berth.robots[size]);
  const { path, init } = await exchangeOf(key, berth, size, round);
  const answer = (await (await fetch(berth.origin + path, init)).json()) as { access_token: string };
  const query = new URLSearchParams({
    service: SERVICE,
    scope: `repository:${NAMESPACES[size]}/app:pull,push`,
  });
  const authorization = `Basic ${Buffer.from(`${robot}:${answer.access_token}`).toString("base64")}`;
  return { path: `/v2/auth?${query}`, init: { headers: { authorization } }, status: 200 };
}
