import { UnavailableError } from "../../usecases/ports.ts";

/** What the runtime notes on the error of a call. */
interface CallFault {
  /** The object's own code has thrown it; absent: the call did not get that far, or its answer was lost. */
  readonly remote?: boolean;
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
}

/** A class of ours arrives as a plain Error whose text begins with its name. This one's holds no values. */
const VERSION_FAULT = "StoreVersionError: ";

/** A call whose answer never came: what it writes may stand or not. */
export class LostCallError extends UnavailableError {}

/** The outage that the fault of a call is. Of a fault in the object it tells the class alone, since texts quote. */
export function asUnavailable(fault: unknown): UnavailableError {
  if (fault instanceof UnavailableError) return fault;
  const { name, message } = fault as Error;
  if (message.startsWith(VERSION_FAULT)) return new UnavailableError(message.slice(VERSION_FAULT.length));
  const { remote, retryable, overloaded } = fault as CallFault;
  if (overloaded === true) return new UnavailableError("the object is overloaded");
  if (retryable === true || remote !== true) return new LostCallError("the object did not answer");
  return new UnavailableError(`the object failed: ${name}`);
}
