import { describeWithObjects, openObjectStores } from "../support/object-stores.ts";
import { directoryContract } from "./directory-contract.ts";

describeWithObjects("the directory in Durable Objects", (workerd) => {
  directoryContract("Durable Objects", async () => {
    const prefix = `${crypto.randomUUID()}:`;
    const [{ directory }, { directory: second }] = [
      openObjectStores(workerd(), { prefix }),
      openObjectStores(workerd(), { prefix }),
    ];
    return { directory, second, close: async () => undefined };
  });
});
