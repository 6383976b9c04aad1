import type { Caller } from "../../domain/accounts/caller.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import type { RequestContext } from "../../domain/audit-event.ts";
import type { Clock, Directory } from "../ports.ts";

/** What a change of the directory needs from outside. */
export interface ManagementDeps {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Who changes something, and under which condition. */
export interface ChangeContext extends RequestContext {
  readonly caller: Caller;
  /** Of If-Match: the change is refused unless the object still has this version. */
  readonly ifMatch?: string;
}

/** An object with what tells it from what it was before. */
export interface Versioned<T> {
  readonly value: T;
  /** Changes with the object's content: the ETag, without its quotes. */
  readonly version: string;
}
