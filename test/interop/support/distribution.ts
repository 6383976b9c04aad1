import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** How a distribution registry is told whom to believe. */
export interface DistributionOptions {
  readonly program: string;
  readonly port: number;
  readonly service: string;
  /** Berth's public URL: the issuer of its tokens, and where the realm is. */
  readonly berthUrl: string;
  /** `caPem`: believe what chains up to it. `jwks` (version 3 alone): believe the keys of this set, by key id. */
  readonly trust: { readonly caPem: string } | { readonly jwks: string };
  /** Certificate and key files, to serve TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** Starts a registry of the CNCF distribution project, 2.8 or 3, with an empty storage that allows deletion. */
export async function startDistribution(options: DistributionOptions): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "berth-distribution-"));
  const file = join(folder, "registry.yml");
  writeFileSync(file, stringify(configuration(options, folder)));
  const server = await startServerProcess(options.program, ["serve", file], "listening on");
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(options: DistributionOptions, folder: string) {
  const { tls } = options;
  return {
    version: 0.1,
    log: { level: "info" },
    storage: { filesystem: { rootdirectory: join(folder, "images") }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${options.port}`,
      ...(tls === undefined ? {} : { tls: { certificate: tls.certFile, key: tls.keyFile } }),
    },
    auth: {
      token: {
        realm: `${options.berthUrl}/v2/auth`,
        service: options.service,
        issuer: options.berthUrl,
        ...trust(options, folder),
      },
    },
  };
}

function trust(options: DistributionOptions, folder: string) {
  if ("caPem" in options.trust) {
    const rootcertbundle = join(folder, "berth-ca.pem");
    writeFileSync(rootcertbundle, options.trust.caPem);
    return { rootcertbundle };
  }
  const jwks = join(folder, "berth-jwks.json");
  writeFileSync(jwks, options.trust.jwks);
  return { jwks, signingalgorithms: ["ES256"] };
}
