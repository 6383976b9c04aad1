import { stringify } from "yaml";
import { freePort } from "../../../demo/free-port.ts";
import { SERVICE, SUBJECT } from "../../support/baseline.ts";
import { type BerthProcess, startBerth } from "../../support/berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "../../support/fake-issuer.ts";
import { startDistribution } from "./distribution.ts";

/** A platform whose tokens are for itself: Berth takes their audience from its issuer family alone. */
export interface OwnAudience {
  readonly profile: string;
  readonly audience: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, string>>;
}

/** Issuers, Berth and a registry, with the robot account of the documents. */
export interface SnippetWorld {
  readonly berth: BerthProcess;
  /** Host and port. */
  readonly registry: string;
  /** An identity token of the issuer that is for that audience; Berth's URL unless it is said. */
  sign(audience?: string): Promise<string>;
  close(): Promise<void>;
}

interface PlatformIssuer extends OwnAudience {
  readonly issuer: FakeIssuer;
}

/** @param program A distribution registry. */
export async function startSnippetWorld(
  program: string,
  platforms: readonly OwnAudience[] = [],
): Promise<SnippetWorld> {
  const issuer = await startFakeIssuer();
  const others = await Promise.all(
    platforms.map(async (platform) => ({
      ...platform,
      issuer: await startFakeIssuer({ algorithm: "RS256" }),
    })),
  );
  const port = await freePort();
  const registry = `127.0.0.1:${port}`;
  const berth = await startBerth({
    declaration: (audience) =>
      declaration(registry, [
        { issuer, audience, profile: "generic", subject: SUBJECT, claims: {} },
        ...others,
      ]),
  });
  const caPem = await (await fetch(`${berth.url}/keys/ca.pem`)).text();
  const server = await startDistribution({
    ...{ program, port, service: SERVICE, berthUrl: berth.url },
    trust: { caPem },
  });
  return {
    berth,
    registry,
    sign: async (aud = berth.url) => {
      const other = others.find(({ audience }) => audience === aud);
      return other === undefined
        ? issuer.sign({ aud })
        : other.issuer.sign({ aud, sub: other.subject, ...other.claims });
    },
    close: async () => {
      await server.stop();
      await Promise.all([berth, issuer, ...others.map((other) => other.issuer)].map(end));
    },
  };
}

async function end(server: BerthProcess | FakeIssuer): Promise<void> {
  await ("stop" in server ? server.stop() : server.close());
}

function declaration(registry: string, issuers: readonly PlatformIssuer[]): string {
  const builder = {
    name: "builder",
    permissions: [{ repository: "acme/app", role: "write" }],
    rules: issuers.map(({ issuer: { url }, subject, claims }) => ({ issuer: url, subject, claims })),
  };
  return stringify({
    issuers: issuers.map(({ issuer: { url, caPem }, profile, audience }) => ({
      ...{ url, profile, ca_pem: caPem, private_network: true },
      audiences: [audience],
    })),
    registries: [{ service: SERVICE, url: `http://${registry}`, token: "x5c" }],
    namespaces: [{ name: "acme", robots: [builder] }],
  });
}
