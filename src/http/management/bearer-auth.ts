import type { Context, MiddlewareHandler } from "hono";
import type { Caller } from "../../domain/accounts/caller.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { authenticateCaller, type CallerDeps } from "../../usecases/management/authenticate-caller.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import { managementErrorResponse } from "./management-error.ts";

/** RFC 6750 §2.1: one scheme, in any case, one space or more, and a `b64token`. Two headers are joined by a comma. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const CHALLENGE = 'Bearer realm="berth"';

/** A refused caller, with the challenge that goes with it. */
export interface CallerFault {
  readonly rejected: Rejection<"unauthenticated" | "store_unavailable">;
  /** WWW-Authenticate; absent: it would not help to show another token. */
  readonly challenge?: string;
}

export type BearerDeps = CallerDeps & Pick<AppDeps, "localCaller">;

/**
 * Who asks. The header alone is looked at: a token in a query would stand in logs, and one in a form could be sent by
 * another site's page (RFC 6750 §2.2, §2.3).
 */
export async function findCaller(deps: BearerDeps, c: Context<AppEnv>): Promise<Result<Caller, CallerFault>> {
  // What a request of the network says is in `c.req`. `c.env` is the second argument of `app.fetch`: the server's
  // own, or that of the command line, which calls the app in its own process and has the store's file anyway.
  const local = deps.localCaller?.(c.env);
  if (local !== undefined) return ok(local);
  const header = c.req.header("authorization");
  // RFC 6750 §3.1: a request without any authentication gets no error code.
  if (header === undefined) {
    return err({ rejected: rejection("unauthenticated", "no Authorization header"), challenge: CHALLENGE });
  }
  const [, bearer] = BEARER.exec(header) ?? [];
  const authenticated =
    bearer === undefined
      ? err(rejection("unauthenticated", "the Authorization header holds no bearer token"))
      : await authenticateCaller(deps, bearer);
  if (authenticated.ok) return authenticated;
  const rejected = authenticated.error;
  if (rejected.reason === "store_unavailable") return err({ rejected });
  return err({ rejected, challenge: `${CHALLENGE}, error="invalid_token"` });
}

/** Sets `caller` for the routes behind it, or answers 401 (RFC 6750 §3). */
export function authenticate(deps: BearerDeps & Pick<AppDeps, "publicUrl">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const found = await findCaller(deps, c);
    if (found.ok) {
      c.set("caller", found.value);
      c.set("outcome", { ...c.get("outcome"), actor: found.value.actor });
      return next();
    }
    const { rejected, challenge } = found.error;
    const headers = challenge === undefined ? {} : { "WWW-Authenticate": challenge };
    return managementErrorResponse(c, deps.publicUrl, rejected, { headers });
  };
}
