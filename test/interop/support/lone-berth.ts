import { freePort } from "../../../demo/free-port.ts";
import { startBerth } from "../../support/berth-process.ts";
import { startFakeIssuer } from "../../support/fake-issuer.ts";
import { LossyProxy } from "../../support/lossy-proxy.ts";
import { interopDeclaration, MAIN } from "./declaration.ts";
import { SecretWatch } from "./secret-watch.ts";
import type { ServerCertificate } from "./server-certificate.ts";

/** A Berth with the robots of these tests and their issuer, behind a relay that can lose answers; no registry runs. */
export interface LoneBerth {
  readonly berth: { readonly url: string };
  readonly proxy: LossyProxy;
  readonly secrets: SecretWatch;
  /** The port of a registry, at which nothing listens. */
  portOf(service: string): number;
  /** For this Berth, with `aud` in its place if it is given. */
  identityToken(aud?: string): Promise<string>;
  close(): Promise<void>;
}

/** @param certificate Has Berth serve TLS, as `localhost`. */
export async function startLoneBerth(certificate?: ServerCertificate): Promise<LoneBerth> {
  const issuer = await startFakeIssuer();
  const [port, registryPort] = [await freePort(), await freePort()];
  const proxy = await LossyProxy.start(port);
  const scheme = certificate === undefined ? "http" : "https";
  // A name: busybox's wget asks openssl to verify an address together with its port, which no certificate has.
  const host = certificate === undefined ? "127.0.0.1" : "localhost";
  const registry = { service: MAIN, url: `${scheme}://127.0.0.1:${registryPort}`, token: "x5c" } as const;
  const berth = await startBerth({
    declaration: interopDeclaration(issuer, [registry, { ...registry, service: "second.test" }]),
    port,
    publicUrl: `${scheme}://${host}:${proxy.port}`,
    ...(certificate && {
      env: { BERTH_TLS_CERT: certificate.certFile, BERTH_TLS_KEY: certificate.keyFile },
    }),
  });
  const secrets = new SecretWatch();
  return {
    berth,
    proxy,
    secrets,
    portOf: () => registryPort,
    identityToken: async (aud = berth.url) => {
      const identityToken = await issuer.sign({ aud });
      secrets.addToken(identityToken);
      return identityToken;
    },
    close: async () => {
      await Promise.all([proxy.stop(), berth.stop(), issuer.close()]);
    },
  };
}
