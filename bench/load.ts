import { Agent, request } from "undici";

export interface BenchRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface Measurement {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends each request once, `connections` at a time. Throws at the first answer that is not 200. */
export async function load(
  origin: string,
  requests: readonly BenchRequest[],
  connections: number,
): Promise<Measurement> {
  const dispatcher = new Agent({ connections, pipelining: 1 });
  const latencies: number[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      const startedAt = performance.now();
      await send(origin, requests[at], dispatcher);
      latencies.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  await dispatcher.close();
  latencies.sort((left, right) => left - right);
  return {
    requests: requests.length,
    perSecond: requests.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

async function send(origin: string, one: BenchRequest | undefined, dispatcher: Agent): Promise<void> {
  if (one === undefined) return;
  const { statusCode, body } = await request(origin + one.path, {
    method: one.method,
    headers: one.headers,
    dispatcher,
    ...(one.body === undefined ? {} : { body: one.body }),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${one.path}: ${statusCode} ${text}`);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
