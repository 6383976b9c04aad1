import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { drawFrom } from "./change-robot.ts";
import { changeSystem } from "./change-system.ts";
import type { CutOff, CutOffDeps, CutOffOutcome } from "./cut-off-target.ts";
import { revokeStored } from "./revoke-stored.ts";

const CREDENTIALS_A_PAGE = 500;

/** All that was earned under an issuer, or what was earned since a moment. The issuer need not be an owner's own. */
export function cutOffIssuer(
  deps: CutOffDeps,
  { url, since }: { readonly url: string; readonly since?: number },
  context: ChangeContext,
): Promise<CutOffOutcome> {
  return since === undefined
    ? changeIssuerNonce(deps, url, context)
    : revokeSince(deps, { url, since }, context);
}

function changeIssuerNonce(deps: CutOffDeps, url: string, context: ChangeContext): Promise<CutOffOutcome> {
  const what = `everything that identity tokens of ${url} earned`;
  return changeSystem<CutOff>(deps, context, async ({ issuers }) => {
    const old = issuers.find((issuer) => issuer.url === url);
    if (old === undefined) return err(rejection("issuer_unknown", url));
    const next = { ...old, nonce: drawFrom(deps.random)() };
    const event = { kind: "credentials.cut_off", issuer: url, detail: what } as const;
    return ok({ value: { ended: "all", what }, write: { putIssuers: [next], event } });
  });
}

/**
 * One by one, since a nonce has no date. Costs a read for each 500 live credentials of all, and a write for each one
 * that ends; when it breaks off in the middle, the same call ends the rest. The issuer may be removed by now.
 */
async function revokeSince(
  deps: CutOffDeps,
  { url, since }: { readonly url: string; readonly since: number },
  context: ChangeContext,
): Promise<Result<CutOff, never>> {
  const what = `what identity tokens of ${url} earned since ${since} (Unix seconds)`;
  const now = Math.floor(deps.clock.now() / 1000);
  let ended = 0;
  let after: string | undefined;
  do {
    const query = { now, limit: CREDENTIALS_A_PAGE, ...(after === undefined ? {} : { after }) };
    const page = await deps.ledger.listCredentials(query);
    for (const stored of page.credentials) {
      const { issuer, issuedAt } = stored.credential;
      if (issuer !== url || issuedAt < since) continue;
      const { ended: one } = await revokeStored(deps, stored, context, what);
      if (one !== 0) ended += 1;
    }
    after = page.next;
  } while (after !== undefined);
  await deps.ledger.record([
    changeEvent(deps, context, { kind: "credentials.cut_off", issuer: url, detail: `${what}: ${ended}` }),
  ]);
  return ok({ ended, what });
}
