import { expect, it } from "vitest";
import { aFullEvent } from "../../test/support/full-event.ts";
import { auditRecord } from "./audit-record.ts";

it("keeps every field of an event, under a name in snake case", () => {
  const event = aFullEvent();
  const { at, requestId, ruleId, credentialId, replacedCredentialId, clientAddress, ...rest } = event;
  const record = auditRecord(event);
  expect(record).toStrictEqual({
    ...rest,
    time: "2023-11-14T22:13:20.123Z",
    request_id: requestId,
    rule_id: ruleId,
    credential_id: credentialId,
    replaced_credential_id: replacedCredentialId,
    client_address: clientAddress,
  });
  // A field that an event gets later needs a line of its own.
  expect(Object.keys(record).filter((name) => !/^[a-z_]+$/.test(name))).toEqual([]);
});
