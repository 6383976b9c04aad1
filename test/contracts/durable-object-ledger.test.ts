import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { describeWithObjects, openObjectStores } from "../support/object-stores.ts";
import { ledgerContract } from "./ledger-contract.ts";

describeWithObjects("the ledger in Durable Objects", (workerd) => {
  ledgerContract("Durable Objects", async () => {
    const stores = openObjectStores(workerd());
    return {
      ledger: stores.ledger,
      nearMisses: stores.nearMisses,
      clock: systemClock,
      ageEpochs: stores.ageEpochs,
      close: async () => undefined,
    };
  });
});
