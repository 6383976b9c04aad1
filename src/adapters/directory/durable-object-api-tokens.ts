import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { ApiTokens } from "../../usecases/ports.ts";
import type { ObjectCalls } from "../durable-object/object-calls.ts";

/** API tokens in the system's object. */
export class DurableObjectApiTokens implements ApiTokens {
  readonly #objects: ObjectCalls;

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
  }

  find(id: string): Promise<ApiToken | undefined> {
    return this.#objects.system((object) => object.findApiToken(id));
  }

  list(): Promise<readonly ApiToken[]> {
    return this.#objects.system((object) => object.listApiTokens());
  }

  /** Sent again when its answer is lost: nobody would know the first token otherwise, and none could follow. */
  add(token: ApiToken, event: AuditEvent, only?: "first"): Promise<boolean> {
    return this.#objects.systemUntilAnswered((object) => object.addApiToken(token, event, only));
  }

  remove(id: string, event: AuditEvent): Promise<boolean> {
    return this.#objects.system((object) => object.removeApiToken(id, event));
  }
}
