import { SUBJECT } from "../../support/baseline.ts";
import type { FakeIssuer } from "../../support/fake-issuer.ts";
import { type Answer, exchange, revoke } from "../../support/requests.ts";
import type { RunningBerth } from "./running-berth.ts";

/** An identity token, and what its holder knows of it. */
interface Job {
  readonly identityToken: string;
  /** Absent: its exchange was not answered with one, whatever the store may hold. */
  credential?: string;
  /** "asked": the revocation was sent, and its answer never came. */
  revocation?: "asked" | "acknowledged";
}

const WORKERS = 8;
/** Each so many-th job revokes its credential. */
const REVOKE_EACH = 3;

/**
 * CI jobs that exchange and revoke without a pause, and keep what was acknowledged to them: that must hold,
 * whatever is killed.
 */
export class Traffic {
  readonly #issuer: FakeIssuer;
  #berth: RunningBerth;
  readonly #jobs: Job[] = [];
  #recovery: Promise<unknown> = Promise.resolve();
  #acknowledged = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  #running = true;
  #failures = 0;
  readonly #workers: readonly Promise<void>[];

  constructor(issuer: FakeIssuer, berth: RunningBerth) {
    this.#issuer = issuer;
    this.#berth = berth;
    this.#workers = Array.from({ length: WORKERS }, () => this.#work());
  }

  /** Every identity token that was shown to Berth. */
  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  /** Requests that were not answered as a client wants it. */
  get failures(): number {
    return this.#failures;
  }

  /** Resolves when so many more credentials were handed out. */
  more(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ count: this.#acknowledged + count, resolve });
    return promise;
  }

  /** Whoever meets a failure waits for `recovery`, and then asks the Berth that it brings. */
  async interrupt(recovery: Promise<RunningBerth>): Promise<void> {
    this.#recovery = recovery;
    this.#berth = await recovery;
  }

  /** Ends when every request under way has been answered or has failed. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    while (this.#running) {
      if (!(await this.#runJob())) {
        this.#failures += 1;
        await this.#recovery;
      }
    }
  }

  /** Whether Berth did what was asked. */
  async #runJob(): Promise<boolean> {
    // A subject of its own: the limit on a tenant's failures is not what is looked at here.
    const sub = `${SUBJECT}-${this.#jobs.length}`;
    const job: Job = { identityToken: await this.#issuer.sign({ sub }) };
    this.#jobs.push(job);
    const answer = await answered(exchange(this.#berth, job.identityToken));
    if (answer?.status !== 200) return false;
    job.credential = String(answer.body.access_token);
    this.#note();
    if (this.#acknowledged % REVOKE_EACH !== 0) return true;
    job.revocation = "asked";
    if ((await answered(revoke(this.#berth, job.credential)))?.status !== 200) return false;
    job.revocation = "acknowledged";
    return true;
  }

  #note(): void {
    this.#acknowledged += 1;
    for (const { count, resolve } of this.#waiting) if (this.#acknowledged >= count) resolve();
  }
}

/** Undefined where the connection was refused or cut: a kill leaves no other trace. */
async function answered(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof SyntaxError) return undefined;
    throw fault;
  }
}
