import type { Result } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import type { ClientProblem } from "../client-problem.ts";

/** A CI platform: how a job of it is told, and how it gets its identity token. */
export interface JobPlatform {
  /** As in `JobIdentity`; that of its issuer family where there is one. */
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  /** What is looked for, for the message of a job that no platform recognises. */
  readonly recognisedBy: string;
  readonly recognises: (environment: ClientEnvironment) => boolean | Promise<boolean>;
  /**
   * The token, for `audience` where the platform can be asked for one. A platform that is recognised and gives none
   * is a problem of its own: the next ones are not tried.
   */
  readonly obtain: (
    environment: ClientEnvironment,
    audience: string,
  ) => Promise<Result<ObtainedToken, ClientProblem>>;
  /** Whether the audience cannot be chosen, so that it is never Berth's. */
  readonly audienceIsFixed?: true;
  /** How a job asks for another audience. */
  readonly otherAudience: (audience: string) => string;
  /** How a job gets one more token. */
  readonly anotherToken: string;
}

export interface ObtainedToken {
  readonly token: string;
  /** Whether asking again may give another token. */
  readonly renewable: boolean;
  /** Where it was: a variable, a file, a host. */
  readonly source: string;
}

type Obtained = Result<ObtainedToken, ClientProblem>;

/** A variable's text; undefined where it is empty, as some platforms set it for jobs without a token. */
export function variable({ variables }: ClientEnvironment, name: string): string | undefined {
  return variables[name]?.trim() || undefined;
}

/** The first of the variables that is set: a token that the job has once. */
export function tokenInVariable(
  environment: ClientEnvironment,
  names: readonly string[],
): ObtainedToken | undefined {
  for (const source of names) {
    const token = variable(environment, source);
    if (token !== undefined) return { token, renewable: false, source };
  }
  return undefined;
}

/** For platforms whose jobs have their token in a variable, if they have one. */
export function fromVariable(
  names: readonly string[],
  problem: (audience: string) => ClientProblem,
): JobPlatform["obtain"] {
  return async (environment, audience): Promise<Obtained> => {
    const found = tokenInVariable(environment, names);
    return found === undefined ? { ok: false, error: problem(audience) } : { ok: true, value: found };
  };
}
