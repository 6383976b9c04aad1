import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { describeWithRedis, openRedis } from "../support/redis-store.ts";
import { directoryContract } from "./directory-contract.ts";

describeWithRedis("the directory in Redis", ({ kind, url }) => {
  directoryContract(`Redis, ${kind}`, async () => {
    const { connection, close } = await openRedis(url());
    return { directory: new RedisDirectory(connection), second: new RedisDirectory(connection), close };
  });
});
