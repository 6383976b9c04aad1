import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignToken, SimulatedPlatform } from "./simulated-platform.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

/** A machine at Fly.io, with its Unix socket. */
export async function startFly(sign: SignToken): Promise<SimulatedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), "berth-fly-"));
  const socket = join(folder, "api");
  const endpoint = await TokenEndpoint.start(async ({ method, url, body }) => {
    if (method !== "POST" || url !== "/v1/tokens/oidc") return { status: 404, body: "" };
    const { aud } = JSON.parse(body) as { readonly aud: string };
    return { status: 200, body: await sign(aud) };
  }, socket);
  return {
    requests: endpoint.requests,
    variables: { FLY_MACHINE_ID: "91857266c41638", FLY_APP_NAME: "app" },
    paths: { "/.fly/api": socket },
    close: async () => {
      await endpoint.close();
      rmSync(folder, { recursive: true });
    },
  };
}
