import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../demo/free-port.ts";
import { type BerthProcess, startBerth } from "../../support/berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "../../support/fake-issuer.ts";
import { CiJob } from "./ci-job.ts";
import { Clients, type Login } from "./clients.ts";
import { type DeclaredRegistry, interopDeclaration, MAIN, type RobotOfTests, SECOND } from "./declaration.ts";
import { type DistributionOptions, startDistribution } from "./distribution.ts";
import { installedClients } from "./programs.ts";
import { SecretWatch } from "./secret-watch.ts";
import { type ServerCertificate, writeServerCertificate } from "./server-certificate.ts";
import type { ServerProcess } from "./server-process.ts";

export interface WorldOptions {
  /** The form of token that the registries verify; x5c by default. */
  readonly token?: DeclaredRegistry["token"];
  /** Berth and the registries serve TLS under a private CA. */
  readonly tls?: boolean;
  /** The path of Berth's public URL. */
  readonly pathPrefix?: string;
}

interface Parts {
  readonly folder: string;
  readonly certificate: ServerCertificate | undefined;
  readonly issuer: FakeIssuer;
  readonly ports: Readonly<Record<string, number>>;
  readonly berth: BerthProcess;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "berth-world-"));
  const certificate = options.tls ? await writeServerCertificate(folder) : undefined;
  const issuer = await startFakeIssuer();
  const ports = { [MAIN]: await freePort(), [SECOND]: await freePort() };
  const berth = await startWorldBerth(options, { issuer, ports, certificate });
  return new World({ folder, certificate, issuer, ports, berth });
}

async function startWorldBerth(
  options: WorldOptions,
  { issuer, ports, certificate }: Pick<Parts, "issuer" | "ports" | "certificate">,
): Promise<BerthProcess> {
  const scheme = certificate === undefined ? "http" : "https";
  const registries = Object.entries(ports).map(
    ([service, port]): DeclaredRegistry => ({
      service,
      url: `${scheme}://127.0.0.1:${port}`,
      token: options.token ?? "x5c",
    }),
  );
  const port = await freePort();
  return startBerth({
    declaration: interopDeclaration(issuer, registries),
    port,
    publicUrl: `${scheme}://127.0.0.1:${port}${options.pathPrefix ?? ""}`,
    ...(certificate && {
      env: { BERTH_TLS_CERT: certificate.certFile, BERTH_TLS_KEY: certificate.keyFile },
    }),
  });
}

/** A CI platform, a Berth that trusts it, up to two registries that trust Berth, and their users. */
export class World {
  readonly berth: BerthProcess;
  readonly job: CiJob;
  readonly secrets = new SecretWatch();
  readonly #parts: Parts;
  readonly #servers: ServerProcess[] = [];
  readonly #users: Clients[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.berth = parts.berth;
    this.job = new CiJob(parts.berth.url, parts.certificate?.caPem);
  }

  portOf(service: string): number {
    return this.#parts.ports[service] ?? 0;
  }

  /** What the CI platform would hand to a job. */
  async identityToken(audience: string = this.berth.url): Promise<string> {
    const identityToken = await this.#parts.issuer.sign({ aud: audience });
    this.secrets.addToken(identityToken);
    return identityToken;
  }

  /** Trades a fresh identity token for a credential of `robot`. */
  async login(robot: RobotOfTests): Promise<Login> {
    const login = await this.job.exchange(robot, await this.identityToken());
    this.secrets.addPassword(login.password);
    return login;
  }

  /** Starts a registry that believes Berth's CA, or what `trust` says; it ends with the world. */
  async startRegistry(
    program: string,
    options: { readonly service?: string; readonly trust?: DistributionOptions["trust"] } = {},
  ): Promise<ServerProcess> {
    const { service = MAIN, trust = { caPem: await this.job.caPem() } } = options;
    const server = await startDistribution({
      program,
      service,
      trust,
      port: this.portOf(service),
      berthUrl: this.berth.url,
      ...(this.#parts.certificate && { tls: this.#parts.certificate }),
    });
    return this.adopt(server);
  }

  /** Ends `server` with the world, and searches what it printed. */
  adopt(server: ServerProcess): ServerProcess {
    this.#servers.push(server);
    return server;
  }

  /** The tools of a new user of a registry, logged in as `login`, if any. */
  clients(login?: Login, options: { readonly service?: string; readonly caFile?: string } = {}): Clients {
    const { service = MAIN, caFile = this.#parts.certificate?.caFile } = options;
    const host = `127.0.0.1:${this.portOf(service)}`;
    const clients = new Clients(caFile === undefined ? { host } : { host, caFile }, installedClients);
    if (login !== undefined) clients.use(login);
    this.#users.push(clients);
    return clients;
  }

  /** The tools of a new user of MAIN with a new credential of `robot`. */
  async clientsOf(robot: RobotOfTests): Promise<Clients> {
    return this.clients(await this.login(robot));
  }

  /** All that Berth, the registries and the tools have printed. */
  get printed(): string {
    const outputs = [this.berth, ...this.#servers].map((server) => server.output());
    return [...outputs, ...this.#users.map((user) => user.printed)].join("\n");
  }

  /**
   * Ends every process and removes every file. Throws if Berth logged a fault, or if a secret showed in what any
   * of them printed.
   */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
    await Promise.all([this.job.close(), this.berth.stop(), this.#parts.issuer.close()]);
    for (const user of this.#users) user.close();
    rmSync(this.#parts.folder, { recursive: true, force: true });
    const fault = this.berth
      .output()
      .split("\n")
      .find((line) => line.includes('"level":"error"'));
    if (fault !== undefined) throw new Error(`Berth logged ${fault}`);
    const found = this.secrets.foundIn(this.printed);
    if (found.length > 0) throw new Error(`a program printed ${found.join(", ")}`);
  }
}
