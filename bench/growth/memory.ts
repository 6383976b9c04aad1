import { Agent, request } from "undici";
import type { BenchRequest } from "../load.ts";
import { refusedExchange } from "../refusals.ts";
import { robotAt } from "../scale/records.ts";
import { SERVICE, type SigningKey } from "../traffic.ts";
import { MANY } from "./places.ts";
import { exchangesOf } from "./requests.ts";
import type { GrowthServer } from "./server.ts";

const CONNECTIONS = 16;
/** Requests that are made before they are sent. */
const PART = 1000;
/** What somebody sends along who wants Berth to keep it: headers are bounded at 16 KiB. */
const BALLAST = "x".repeat(8000);

/** Requests of strangers, each of another: the `at`th ones. */
interface Phase {
  readonly name: string;
  readonly status: number;
  requests(from: number, count: number): Promise<readonly BenchRequest[]>;
}

/**
 * The memory of a Berth that meets ever new robots, tenants, names and addresses: twice as many as it remembers of each,
 * and as many again. The second half costs next to nothing, or something is kept that should not be.
 */
export async function measureMemory(
  server: GrowthServer,
  key: SigningKey,
  robots: number,
  strangers: number,
): Promise<void> {
  console.log(`\nresident memory of Berth, MiB     before  after ${strangers}  after ${2 * strangers}`);
  for (const phase of phasesOf(server, key, robots)) {
    const before = server.berthMib();
    await send(server, phase, 0, strangers);
    const first = server.berthMib();
    await send(server, phase, strangers, strangers);
    const figures = [before, first, server.berthMib()].map((mib) => mib.toFixed(0).padStart(12));
    console.log(`  ${phase.name.padEnd(26)} ${figures.join(" ")}`);
  }
}

function phasesOf({ origin }: GrowthServer, key: SigningKey, robots: number): readonly Phase[] {
  return [
    {
      name: "robots (exchanges)",
      status: 200,
      requests: (from, count) => {
        const others = Array.from({ length: count }, (_, at) => robotAt(MANY, (from + at) % robots));
        return exchangesOf(origin, key, others, count);
      },
    },
    {
      name: "tenants (refusals)",
      status: 400,
      requests: (_, count) =>
        Promise.all(Array.from({ length: count }, () => refusedExchange(key, origin, "unknown robot"))),
    },
    {
      name: "names (wrong secrets)",
      status: 401,
      requests: async (from, count) =>
        Array.from({ length: count }, (_, at) => guess(`acme+guessed-${from + at}`, BALLAST, {})),
    },
    {
      name: "client addresses",
      status: 401,
      requests: async (from, count) =>
        Array.from({ length: count }, (_, at) =>
          guess("acme+guessed", "wrong", { "x-forwarded-for": `${BALLAST}, ${addressAt(from + at)}` }),
        ),
    },
  ];
}

function guess(robot: string, secret: string, headers: Record<string, string>): BenchRequest {
  const authorization = `Basic ${Buffer.from(`${robot}:${secret}`).toString("base64")}`;
  return { method: "GET", path: `/v2/auth?service=${SERVICE}`, headers: { authorization, ...headers } };
}

/** Of 198.18.0.0/15, which is for benchmarks (RFC 2544). */
function addressAt(at: number): string {
  return `198.${18 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
}

async function send(server: GrowthServer, phase: Phase, from: number, count: number): Promise<void> {
  const dispatcher = new Agent({ connections: CONNECTIONS, pipelining: 1 });
  for (let at = from; at < from + count; at += PART) {
    const part = await phase.requests(at, Math.min(PART, from + count - at));
    await Promise.all(part.map((one) => sendOne(server.origin, one, phase.status, dispatcher)));
  }
  await dispatcher.close();
}

async function sendOne(
  origin: string,
  { method, path, headers, body = "" }: BenchRequest,
  status: number,
  dispatcher: Agent,
): Promise<void> {
  const sent = method === "POST" ? { method, headers, body } : { method, headers };
  const answer = await request(origin + path, { ...sent, dispatcher });
  const text = await answer.body.text();
  if (answer.statusCode !== status) throw new Error(`${path}: ${answer.statusCode} ${text}`);
}
