import { describeWithObjects, openObjectStores } from "../support/object-stores.ts";
import { apiTokensContract } from "./api-tokens-contract.ts";
import { sweeperContract } from "./sweeper-contract.ts";

describeWithObjects("management in Durable Objects", (workerd) => {
  apiTokensContract("Durable Objects", async () => {
    const { apiTokens, auditLog } = openObjectStores(workerd());
    return {
      apiTokens,
      second: apiTokens,
      events: async () => (await auditLog.query({}, { limit: 100 })).events.toReversed(),
      close: async () => undefined,
    };
  });

  sweeperContract("Durable Objects", async () => ({
    ...openObjectStores(workerd()),
    close: async () => undefined,
  }));
});
