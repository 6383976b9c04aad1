import { type Rejection, rejection } from "../domain/rejection.ts";
import { err, type Result } from "../domain/result.ts";
import { UnavailableError } from "./ports.ts";

/**
 * Runs a use case; a store that errs or does not answer in time becomes the refusal `store_unavailable`. What
 * may have been written by then is known to nobody, so nothing is handed out. Other faults are thrown on.
 */
export async function refuseWhenUnavailable<T, Reason extends string>(
  run: () => Promise<Result<T, Rejection<Reason>>>,
): Promise<Result<T, Rejection<Reason | "store_unavailable">>> {
  try {
    return await run();
  } catch (fault) {
    if (fault instanceof UnavailableError) return err(rejection("store_unavailable", fault.message));
    throw fault;
  }
}
