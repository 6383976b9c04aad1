import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { describeWithObjects, openObjectStores } from "../support/object-stores.ts";
import { auditLogContract } from "./audit-log-contract.ts";

describeWithObjects("the audit log in Durable Objects", (workerd) => {
  auditLogContract("Durable Objects", async () => {
    const stores = openObjectStores(workerd());
    await stores.ledger.open();
    await stores.ageEpochs(0);
    return { ...stores, clock: systemClock, close: async () => undefined };
  });
});
