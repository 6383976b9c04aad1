import { describe, expect, it } from "vitest";
import { UnavailableError } from "../../usecases/ports.ts";
import { asUnavailable, LostCallError } from "./object-fault.ts";

/** As the runtime hands over what a call threw. */
const faultOf = (fields: object, message = 'near "brc_secret": syntax error') =>
  Object.assign(new TypeError(message), fields);

describe("the fault of a call", () => {
  it.each<[what: string, fault: unknown, sentence: string, lost: boolean]>([
    ["of an object that ended", faultOf({ durableObjectReset: true }), "the object did not answer", true],
    ["of a lost connection", faultOf({ retryable: true }), "the object did not answer", true],
    ["that passes", faultOf({ remote: true, retryable: true }), "the object did not answer", true],
    ["of too many calls", faultOf({ overloaded: true, retryable: true }), "the object is overloaded", false],
    ["in the object", faultOf({ remote: true }), "the object failed: TypeError", false],
    [
      "of a newer release's object",
      faultOf({ durableObjectReset: true }, "StoreVersionError: deploy the newer release"),
      "deploy the newer release",
      false,
    ],
    ["of ours", new UnavailableError("ours"), "ours", false],
  ])("%s", (_, fault, sentence, lost) => {
    const unavailable = asUnavailable(fault);
    expect(unavailable).toBeInstanceOf(UnavailableError);
    expect(unavailable.message).toBe(sentence);
    expect(unavailable instanceof LostCallError).toBe(lost);
    expect(JSON.stringify({ ...unavailable, cause: unavailable.cause })).not.toContain("secret");
  });
});
