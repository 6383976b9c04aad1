import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, runCommand } from "./command.ts";
import { LAYOUT_TAG, writeImageLayout } from "./image-layout.ts";

export type ClientName = "docker" | "skopeo" | "podman" | "crane" | "oras";

/** User name and password. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** A registry as a client names it: `127.0.0.1:5000`. */
export interface Target {
  readonly host: string;
  /** PEM file of the private CA of a registry that serves TLS; without it the registry speaks plain HTTP. */
  readonly caFile?: string;
}

/**
 * The container tools as one user of one registry runs them, in a home of their own: they find no configuration
 * and leave none. A password goes over standard input or through the auth file, never as an argument.
 */
export class Clients {
  readonly #folder = mkdtempSync(join(tmpdir(), "berth-clients-"));
  readonly #target: Target;
  readonly #programs: ReadonlyMap<ClientName, string>;
  #printed = "";

  constructor(target: Target, programs: ReadonlyMap<ClientName, string>) {
    this.#target = target;
    this.#programs = programs;
    mkdirSync(join(this.#folder, "docker"));
  }

  /** All that every run has printed. */
  get printed(): string {
    return this.#printed;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** `CLIENT login`, as a person does it. crane's asks nobody: it writes its auth file. */
  login(client: ClientName, login: Login): Promise<Run> {
    const account = [this.#target.host, "-u", login.username, "--password-stdin"];
    const args: Record<ClientName, readonly string[]> = {
      docker: ["login", ...account],
      skopeo: ["login", ...this.#flag("--tls-verify=false"), ...account],
      podman: ["login", ...this.#flag("--tls-verify=false"), ...account],
      crane: ["auth", "login", ...account],
      oras: ["login", ...this.#flag("--plain-http"), ...account],
    };
    return this.#run(client, args[client], login.password);
  }

  /** Puts a login into the auth file that all of them read, without asking the registry; undefined takes it out. */
  use(login: Login | undefined): void {
    writeAuthFile(this.#authFile, this.#target.host, login);
  }

  /** Pushes a new image, whose one layer holds `content`, with skopeo. */
  push(repository: string, tag = "made", content: string = repository): Promise<Run> {
    const source = `oci:${writeImageLayout(this.#folder, content)}:${LAYOUT_TAG}`;
    const flags = this.#flag("--dest-tls-verify=false");
    return this.#skopeoCopy([...flags, source, this.#docker(repository, tag)]);
  }

  /** Pulls an image into a folder, with skopeo. */
  pull(repository: string, tag = "made"): Promise<Run> {
    const flags = this.#flag("--src-tls-verify=false");
    return this.#skopeoCopy([...flags, this.#docker(repository, tag), `dir:${join(this.#folder, "pulled")}`]);
  }

  /** Copies an image inside the registry with skopeo, which mounts its blobs where it may; `reader` reads the source. */
  copy(from: string, to: string, reader?: Login): Promise<Run> {
    const flags = this.#flag("--src-tls-verify=false", "--dest-tls-verify=false");
    if (reader !== undefined) {
      const file = join(this.#folder, "reader.json");
      writeAuthFile(file, this.#target.host, reader);
      flags.push("--src-authfile", file);
    }
    return this.#skopeoCopy([...flags, this.#docker(from, "made"), this.#docker(to, "made")]);
  }

  listTags(repository: string): Promise<Run> {
    return this.#run("skopeo", [
      "list-tags",
      ...this.#flag("--tls-verify=false"),
      `docker://${this.#target.host}/${repository}`,
    ]);
  }

  delete(repository: string): Promise<Run> {
    return this.#run("skopeo", [
      "delete",
      ...this.#flag("--tls-verify=false"),
      this.#docker(repository, "made"),
    ]);
  }

  /** `docker manifest inspect`, the pull that docker does without an engine. */
  dockerInspect(repository: string): Promise<Run> {
    return this.#run("docker", ["manifest", "inspect", ...this.#flag("--insecure"), this.#image(repository)]);
  }

  craneDigest(repository: string, tag = "made"): Promise<Run> {
    return this.#run("crane", ["digest", this.#image(repository, tag)]);
  }

  cranePush(repository: string, tag: string): Promise<Run> {
    const layout = writeImageLayout(this.#folder, `${repository} ${tag}`);
    return this.#run("crane", ["push", layout, this.#image(repository, tag)]);
  }

  craneCatalog(): Promise<Run> {
    return this.#run("crane", ["catalog", this.#target.host]);
  }

  orasTags(repository: string): Promise<Run> {
    return this.#run("oras", [
      "repo",
      "tags",
      ...this.#flag("--plain-http"),
      `${this.#target.host}/${repository}`,
    ]);
  }

  /** Copies an image to another tag of its repository: a push by oras. */
  orasTag(repository: string, tag: string): Promise<Run> {
    return this.#run("oras", ["tag", ...this.#flag("--plain-http"), this.#image(repository), tag]);
  }

  orasCatalog(): Promise<Run> {
    return this.#run("oras", ["repo", "ls", ...this.#flag("--plain-http"), this.#target.host]);
  }

  get #authFile(): string {
    return join(this.#folder, "docker", "config.json");
  }

  #image(repository: string, tag = "made"): string {
    return `${this.#target.host}/${repository}:${tag}`;
  }

  #docker(repository: string, tag: string): string {
    return `docker://${this.#image(repository, tag)}`;
  }

  #skopeoCopy(args: readonly string[]): Promise<Run> {
    return this.#run("skopeo", ["--insecure-policy", "copy", ...args]);
  }

  /** Flags that a registry without TLS needs. */
  #flag(...flags: readonly string[]): string[] {
    return this.#target.caFile === undefined ? [...flags] : [];
  }

  async #run(client: ClientName, args: readonly string[], input?: string): Promise<Run> {
    const program = this.#programs.get(client);
    if (program === undefined) throw new Error(`${client} is not here: this test must be skipped`);
    const run = await runCommand(program, args, {
      env: {
        PATH: process.env.PATH ?? "",
        HOME: this.#folder,
        XDG_RUNTIME_DIR: this.#folder,
        DOCKER_CONFIG: join(this.#folder, "docker"),
        REGISTRY_AUTH_FILE: this.#authFile,
        // All five are Go programs, which trust this file in place of the system's.
        ...(this.#target.caFile === undefined ? {} : { SSL_CERT_FILE: this.#target.caFile }),
      },
      ...(input === undefined ? {} : { input }),
    });
    this.#printed += run.stdout + run.stderr;
    return run;
  }
}

function writeAuthFile(file: string, host: string, login: Login | undefined): void {
  const auths =
    login === undefined
      ? {}
      : { [host]: { auth: Buffer.from(`${login.username}:${login.password}`).toString("base64") } };
  writeFileSync(file, JSON.stringify({ auths }), { mode: 0o600 });
}
