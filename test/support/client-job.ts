import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createClientEnvironment } from "../../src/client/client-environment.ts";
import type { ClientContext } from "../../src/client/job-console.ts";
import { SERVICE } from "./baseline.ts";
import type { BerthChange } from "./berth-app.ts";
import { type SimulatedActions, startGitHub } from "./ci-platforms/github.ts";
import { jobEnvironment } from "./ci-platforms/job-environment.ts";
import type { SimulatedPlatform } from "./ci-platforms/simulated-platform.ts";
import { startVariablePlatform } from "./ci-platforms/variables.ts";
import { type ClientWorld, startClientWorld } from "./client-world.ts";
import { berthChallenge, type FakeRegistry, startFakeRegistry } from "./fake-registry.ts";
import { registryToken } from "./requests.ts";
import { TestClock } from "./test-clock.ts";

/** Docker's configuration as a test looks at it. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly [member: string]: unknown;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** A CI job with a home of its own, a Berth behind HTTP, and two registries' doors that name that Berth. */
export class ClientJob {
  readonly world: ClientWorld;
  readonly platform: SimulatedPlatform;
  readonly registries: readonly [FakeRegistry, FakeRegistry];
  readonly home = mkdtempSync(join(tmpdir(), "berth-job-"));
  readonly out: string[] = [];
  readonly notes: string[] = [];
  readonly clock: TestClock;
  #standardInput = "";

  private constructor(
    world: ClientWorld,
    platform: SimulatedPlatform,
    registries: readonly [FakeRegistry, FakeRegistry],
  ) {
    this.world = world;
    this.platform = platform;
    this.registries = registries;
    this.clock = new TestClock(world.berth.clock.now());
  }

  /** A job of GitHub Actions, which gives as many identity tokens as are asked for. */
  static onGitHub(change?: BerthChange): Promise<ClientJob> {
    return ClientJob.#start((world) => startGitHub((aud) => world.sign({ aud })), change);
  }

  /** A job of GitLab CI, which has one identity token. */
  static onGitLab(change?: BerthChange): Promise<ClientJob> {
    return ClientJob.#start(
      (world) => startVariablePlatform("gitlab", (aud) => world.sign({ aud }), world.url),
      change,
    );
  }

  /** A job that was given one identity token in a file, by whatever made it. */
  static onFile(change?: BerthChange): Promise<ClientJob> {
    return ClientJob.#start(async (world) => {
      const folder = mkdtempSync(join(tmpdir(), "berth-client-"));
      const file = join(folder, "token");
      writeFileSync(file, await world.sign({ aud: world.url }), { mode: 0o600 });
      const close = async () => rmSync(folder, { recursive: true, force: true });
      return { variables: { BERTH_IDENTITY_TOKEN_FILE: file }, requests: [], close };
    }, change);
  }

  static async #start(
    start: (world: ClientWorld) => Promise<SimulatedPlatform | SimulatedActions>,
    change?: BerthChange,
  ): Promise<ClientJob> {
    const world = await startClientWorld(change);
    const challenge = berthChallenge(world.url, SERVICE);
    const registries = [await startFakeRegistry(challenge), await startFakeRegistry(challenge)] as const;
    return new ClientJob(world, await start(world), registries);
  }

  /** Both registries' names. */
  get names(): readonly [string, string] {
    const [first, second] = this.registries;
    return [first.name, second.name];
  }

  /** What a command works with: the platform's variables, this home, and `variables` beside or in place of them. */
  context(variables: Variables = {}): ClientContext {
    const own = {
      HOME: this.home,
      XDG_RUNTIME_DIR: this.path("run"),
      TMPDIR: this.path("tmp"),
      PATH: `${this.path("bin")}:${process.env.PATH ?? ""}`,
      ...variables,
    };
    const environment = jobEnvironment(this.platform, own, this.clock);
    return {
      environment: {
        ...environment,
        readFile: (path) =>
          path === "-"
            ? Promise.resolve({ ok: true, value: this.#standardInput })
            : environment.readFile(path),
      },
      console: { out: (line) => this.out.push(line), note: (line) => this.notes.push(line) },
    };
  }

  /** The same in real time: for calls that wait for each other. */
  inRealTime(variables: Variables = {}): ClientContext {
    const context = this.context(variables);
    const { now, waitUntil } = createClientEnvironment({});
    return { ...context, environment: { ...context.environment, now, waitUntil } };
  }

  /** The next command's standard input. */
  type(text: string): void {
    this.#standardInput = text;
  }

  path(...names: readonly string[]): string {
    return join(this.home, ...names);
  }

  write(name: string, content: string | object, mode = 0o600): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content), { mode });
    return file;
  }

  /** Undefined where there is no such file. */
  config(file = this.path(".docker", "config.json")): DockerConfig | undefined {
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as DockerConfig) : undefined;
  }

  /** The password that is filed for a registry; undefined for none. */
  password(registry: string, file?: string): string | undefined {
    const auth = this.config(file)?.auths?.[registry]?.auth;
    return auth === undefined
      ? undefined
      : Buffer.from(auth, "base64")
          .toString()
          .replace(/^[^:]*:/, "");
  }

  /** Whether Berth gives a registry token for it. */
  async opens(password: string | undefined): Promise<boolean> {
    return (await registryToken(this.world.berth.app, { password: password ?? "" })).status === 200;
  }

  /** How often Berth was asked for a credential. */
  get exchanges(): number {
    return this.world.asked.filter((path) => path === "/oauth2/token").length;
  }

  async close(): Promise<void> {
    await this.platform.close();
    for (const { endpoint } of this.registries) await endpoint.close();
    await this.world.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
