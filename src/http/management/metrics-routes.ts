import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../../usecases/unavailable.ts";
import { defineRoute } from "./define-route.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import type { ManagementRoute } from "./route-definition.ts";

/** Prometheus's text format; the parameter tells a scraper its version. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const read = defineRoute({
  method: "get",
  path: "/metrics",
  tag: "metrics",
  operationId: "readMetrics",
  summary: "Read the numbers that Berth counts",
  description:
    "In Prometheus's text format, for a scraper with an API token: the way on Cloudflare Workers, where there is no port of their own. On Node those of the process that answers; empty where nothing is counted (on Node without `BERTH_METRICS_LISTEN`).",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  success: {
    status: 200,
    description: "The numbers.",
    contentType: "text/plain",
    schema: z.string(),
    example: 'berth_exchanges_total{result="granted",profile="github"} 4711\n',
  },
  errors: [],
  handle: async (deps) => {
    const text = await refuseWhenUnavailable<string, never>(async () => {
      // Who asks is known by the store alone: without it nobody gets this far, wherever the numbers are.
      await deps.directory.ping();
      return ok((await deps.metricsText?.()) ?? "");
    });
    return text.ok ? ok(new Response(text.value, { headers: { "Content-Type": CONTENT_TYPE } })) : text;
  },
});

export const METRICS_ROUTES: readonly ManagementRoute[] = [read];
