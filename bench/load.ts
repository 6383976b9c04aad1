import { Agent } from "undici";

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

/** By undici's inner interface: its `request` makes a stream of each body, and would be slower than the fastest floor. */
function send(origin: string, one: BenchRequest | undefined, dispatcher: Agent): Promise<void> {
  if (one === undefined) return Promise.resolve();
  const { method, path, headers, body = null } = one;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const chunks: Buffer[] = [];
  let status = 0;
  dispatcher.dispatch(
    { origin, method, path, headers, body },
    {
      onRequestStart: () => undefined,
      onResponseStart: (_, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_, chunk) => void chunks.push(chunk),
      onResponseEnd: () => {
        if (status === 200) resolve();
        else reject(new Error(`${path}: ${status} ${Buffer.concat(chunks)}`));
      },
      onResponseError: (_, fault) => reject(fault),
    },
  );
  return promise;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
