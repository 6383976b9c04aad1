import { randomBytes } from "node:crypto";
import { SUBJECT } from "../test/support/baseline.ts";
import type { FakeIssuer } from "../test/support/fake-issuer.ts";
import { manage } from "../test/support/management-calls.ts";
import { type App, exchange, registryToken, revoke } from "../test/support/requests.ts";
import type { Berths } from "./berths.ts";
import type { Ending, Exchange, Listing, Login, Observation } from "./history.ts";
import { type Judged, judge } from "./judge.ts";

/** What a CI job shows, and the retry key that it keeps. */
export interface JobToken {
  readonly number: number;
  readonly text: string;
  readonly robot: string;
  readonly retryKey: string;
}

const NAMESPACE = "acme";
const PAGE = 1000;

/** Asks Berths as their clients do, and notes what came: the secrets stay here, the history has their numbers. */
export class Witness {
  readonly history: Observation[] = [];
  /** An operator's. */
  readonly apiToken: string;
  readonly #issuer: FakeIssuer;
  readonly #berths: Berths;
  readonly #began = performance.now();
  readonly #secrets: { readonly text: string; readonly robot: string }[] = [];
  readonly #numbers = new Map<string, number>();
  #tokens = 0;

  constructor(issuer: FakeIssuer, berths: Berths, apiToken: string) {
    this.#issuer = issuer;
    this.#berths = berths;
    this.apiToken = apiToken;
  }

  /** Milliseconds since the run began. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** A fresh identity token of a job of its own, so that no limit on a tenant's failures is met. */
  async newJobToken(robot = "builder"): Promise<JobToken> {
    const number = this.#tokens++;
    const text = await this.#issuer.sign({ sub: `${SUBJECT}-${number}` });
    return { number, text, robot: `${NAMESPACE}+${robot}`, retryKey: randomBytes(24).toString("base64url") };
  }

  async exchange(token: JobToken, berth: number, how: { retry?: boolean } = {}): Promise<Exchange> {
    const form = { robot: token.robot, ...(how.retry === true ? { retry_key: token.retryKey } : {}) };
    const { body, ...call } = await this.#ask(berth, (app) => exchange(app, token.text, form));
    return this.#note({
      kind: "exchange",
      identityToken: token.number,
      withRetryKey: how.retry === true,
      ...(call.answer === "done" ? { secret: this.#numberOf(String(body.access_token), token.robot) } : {}),
      ...call,
    });
  }

  /** Asks for a registry token, which who is alive gets. */
  async login(secret: number, berth: number): Promise<Login> {
    const { text = "", robot = "" } = this.#secrets[secret] ?? {};
    const { body, ...call } = await this.#ask(berth, (app) =>
      registryToken(app, { username: robot, password: text }),
    );
    return this.#note({ kind: "login", secret, ...call });
  }

  async revoke(secret: number, berth: number): Promise<Ending> {
    const { text = "" } = this.#secrets[secret] ?? {};
    const { body, ...call } = await this.#ask(berth, (app) => revoke(app, text));
    return this.#note({ kind: "revocation", secrets: [secret], ...call });
  }

  /**
   * Gives a robot account a new robot token.
   *
   * @param ends What the robot account had before, robot tokens and credentials.
   */
  async regenerate(
    robot: string,
    ends: readonly number[],
    berth: number,
  ): Promise<{ ending: Ending; robotToken: number | undefined }> {
    const { body, ...call } = await this.#ask(berth, (app) =>
      manage(app, "POST", `/namespaces/${NAMESPACE}/robots/${robot}/token`, { token: this.apiToken }),
    );
    const ending = this.#note<Ending>({ kind: "regeneration", secrets: [...ends], ...call });
    const robotToken =
      call.answer === "done" ? this.#numberOf(String(body.robot_token), `${NAMESPACE}+${robot}`) : undefined;
    return { ending, robotToken };
  }

  /** Counts, page by page, the credentials that an operator is told are alive. */
  async list(berth: number): Promise<Listing> {
    const startedAt = this.now();
    const aliveOf = new Map<number, number>();
    let call: Judged = { answer: "done", reason: "", body: {} };
    let next = "";
    do {
      const path = `/credentials?limit=${PAGE}${next}`;
      call = judge(await answered(manage(this.#app(berth), "GET", path, { token: this.apiToken })));
      const { credentials = [], next_page } = call.body as unknown as ListPage;
      for (const { state, subject } of credentials) {
        const token = Number(subject.slice(SUBJECT.length + 1));
        if (state === "alive") aliveOf.set(token, (aliveOf.get(token) ?? 0) + 1);
      }
      next = next_page === undefined ? "" : `&next_page=${next_page}`;
    } while (next !== "" && call.answer === "done");
    const { answer, reason } = call;
    return this.#note({ kind: "listing", aliveOf, berth, startedAt, endedAt: this.now(), answer, reason });
  }

  async #ask(berth: number, request: (app: App) => Promise<RawAnswer>) {
    const startedAt = this.now();
    const judged = judge(await answered(request(this.#app(berth))));
    return { ...judged, berth, startedAt, endedAt: this.now() };
  }

  #app(berth: number): App {
    return { request: (path, init) => this.#berths.request(berth, path, init) };
  }

  #note<T extends Observation>(observation: T): T {
    this.history.push(observation);
    return observation;
  }

  #numberOf(text: string, robot: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#secrets.push({ text, robot }) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

interface ListPage {
  readonly credentials?: readonly { readonly state: string; readonly subject: string }[];
  readonly next_page?: string;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Undefined where the connection was refused or cut, or no answer came in time. */
async function answered(answer: Promise<RawAnswer>): Promise<RawAnswer | undefined> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof TypeError || (fault instanceof DOMException && fault.name === "TimeoutError")) {
      return undefined;
    }
    throw fault;
  }
}
