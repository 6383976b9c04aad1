import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findProgram } from "../../support/find-server.ts";
import { type Run, runCommand } from "./command.ts";
import { LAYOUT_TAG, writeImageLayout } from "./image-layout.ts";
import { type WatchedPrograms, watchPrograms } from "./watched-programs.ts";

const CLIENT = new URL("../../../dist/client/berth.mjs", import.meta.url).pathname;

/** Where the documents' names are in a test. */
export interface Places {
  /** `https://berth.example.com` */
  readonly berth: string;
  /** `registry.example.com` */
  readonly registry: string;
}

/** A job's machine with `berth`, and `docker push` and `crane pull` without an engine: skopeo, which reads the same logins. */
export class SnippetRunner {
  readonly #folder = mkdtempSync(join(tmpdir(), "berth-snippet-"));
  readonly #places: Places;
  readonly #programs: WatchedPrograms;

  constructor(places: Places) {
    this.#places = places;
    const skopeo = `exec ${findProgram("skopeo") ?? "skopeo"} --insecure-policy`;
    const image = `oci:${writeImageLayout(this.#folder, "of a snippet")}:${LAYOUT_TAG}`;
    this.#programs = watchPrograms(this.#folder, {
      berth: `exec ${process.execPath} ${CLIENT} "$@"`,
      // Vercel's: the client as a file of the repository, and a script that asks for a token with a package of theirs.
      node: `[ "$1" = berth.mjs ] || exec printf %s "$VERCEL_OIDC_TOKEN"; shift; exec ${process.execPath} ${CLIENT} "$@"`,
      npm: ":",
      docker: `${skopeo} copy --dest-tls-verify=false ${image} "docker://$2"`,
      crane: `${skopeo} inspect --tls-verify=false "docker://$2"`,
    });
    mkdirSync(join(this.#folder, "home"));
  }

  /** The programs of the snippet, with their arguments. */
  get calls(): string {
    return this.#programs.calls();
  }

  /** A script as the document has it, with this test's places for its names. */
  run(script: string, variables: Readonly<Record<string, string>>): Promise<Run> {
    const commit = Object.fromEntries(COMMITS.map((name) => [name, "made"]));
    const env = { ...commit, ...this.#inPlaces(variables), HOME: join(this.#folder, "home") };
    const path = [this.#programs.path, variables.PATH ?? process.env.PATH ?? ""].join(delimiter);
    return runCommand(findProgram("sh") ?? "sh", ["-ec", this.inPlace(script)], {
      env: { ...env, PATH: path, TMPDIR: this.#folder },
    });
  }

  inPlace(text: string): string {
    return text
      .replaceAll("https://berth.example.com", this.#places.berth)
      .replaceAll("registry.example.com", this.#places.registry);
  }

  /** Whether a login stands in the user's own file. */
  hasLogin(): boolean {
    const file = join(this.#folder, "home", ".docker", "config.json");
    return existsSync(file) && readFileSync(file, "utf8").includes(this.#places.registry);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #inPlaces(variables: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, this.inPlace(value)]));
  }
}

/** By which each platform names the commit: the tag of the snippets' images. */
const COMMITS = [
  ...["CIRCLE_SHA1", "BUILDKITE_COMMIT", "GIT_COMMIT", "BITBUCKET_COMMIT", "COMMIT_SHA"],
  ...["SEMAPHORE_GIT_SHA", "GITHUB_SHA"],
];
