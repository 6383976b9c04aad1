import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrivateCertificates, type ServerNames } from "./private-certificates.ts";

/** A server under a private CA on loopback, which answers every request with its path. */
export interface TlsServer {
  readonly port: number;
  /** PEM file of its CA. */
  readonly caFile: string;
  close(): Promise<void>;
}

export async function startTlsServer(names: ServerNames): Promise<TlsServer> {
  const { cert, key, caPem } = await createPrivateCertificates(names);
  const folder = mkdtempSync(join(tmpdir(), "berth-tls-"));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, caPem);
  const server = createServer({ cert, key }, (incoming, response) => response.end(incoming.url));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    caFile,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}
