import type { RobotName } from "../../src/domain/access/names.ts";
import type { BenchRequest } from "../load.ts";
import { exchangeRequests, SERVICE, type SigningKey } from "../traffic.ts";

/** `count` exchanges, of the robots in turn. */
export async function exchangesOf(
  origin: string,
  key: SigningKey,
  robots: readonly RobotName[],
  count: number,
): Promise<readonly BenchRequest[]> {
  const share = Math.ceil(count / robots.length);
  const byRobot = await Promise.all(robots.map((robot) => exchangeRequests(key, origin, share, robot)));
  return inTurn(byRobot).slice(0, count);
}

/** Of each robot that was asked for: all rounds use the same credential. */
const held = new Map<string, BenchRequest>();

/** `count` token requests, with one credential of each robot in turn. */
export async function registryTokensOf(
  origin: string,
  key: SigningKey,
  robots: readonly RobotName[],
  count: number,
): Promise<readonly BenchRequest[]> {
  const requests: BenchRequest[] = [];
  for (const robot of robots.slice(0, count)) {
    const name = `${origin} ${robot}`;
    const request = held.get(name) ?? (await registryTokenOf(origin, key, robot));
    held.set(name, request);
    requests.push(request);
  }
  return Array.from({ length: Math.ceil(count / requests.length) }, () => requests)
    .flat()
    .slice(0, count);
}

async function registryTokenOf(origin: string, key: SigningKey, robot: RobotName): Promise<BenchRequest> {
  const credential = await credentialOf(origin, key, robot);
  const [namespace] = robot.split("+");
  const query = new URLSearchParams({ service: SERVICE, scope: `repository:${namespace}/app:pull,push` });
  const authorization = `Basic ${Buffer.from(`${robot}:${credential}`).toString("base64")}`;
  return { method: "GET", path: `/v2/auth?${query}`, headers: { authorization } };
}

/** Exchanges an identity token for a credential. */
export async function credentialOf(origin: string, key: SigningKey, robot: RobotName): Promise<string> {
  const [request] = await exchangeRequests(key, origin, 1, robot);
  const { path = "", headers = {}, body = "" } = request ?? {};
  const answer = await fetch(origin + path, { method: "POST", headers, body });
  const { access_token } = (await answer.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`no credential: ${answer.status}`);
  return access_token;
}

function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
