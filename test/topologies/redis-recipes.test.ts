import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { parseSettings, type Settings } from "../../src/config/settings.ts";
import { openStores, type Stores } from "../../src/entrypoints/stores.ts";
import { describeWith } from "../support/find-server.ts";
import { startClusterFleet } from "../support/redis-fleet-cluster.ts";
import { startSentinelFleet } from "../support/redis-fleet-sentinel.ts";
import { findRedis, startRedis } from "../support/redis-server.ts";

const PAGE = readFileSync(new URL("../../docs/redis.md", import.meta.url), "utf8");
const USER = recipe("the user of Berth");

/** The lines of a server's file that the page has under that comment. */
function recipe(title: string): readonly string[] {
  const [, text] = new RegExp(`\`\`\`conf\n# ${title}\n(.*?)\`\`\``, "s").exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`the page has no recipe for ${title}`);
  return text.trim().split("\n");
}

/** Berth's settings in the block that holds `line`, its hosts replaced by those that are there. */
function settingsWith(line: string, hosts: string): Settings {
  const blocks = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].map(([, text = ""]) => text);
  const block = blocks.find((text) => text.includes(line)) ?? "";
  const entries = block
    .trim()
    .split("\n")
    .map((text) => text.split(/=(.*)/s, 2));
  const found: Record<string, string> = Object.fromEntries(entries);
  const url = found.BERTH_REDIS_URL?.replace(/@[^/]+/, `@${hosts}`);
  const parsed = parseSettings(
    {
      ...found,
      BERTH_REDIS_URL: url,
      BERTH_PUBLIC_URL: "https://berth.example.com",
      BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32).toString("base64")}`,
    },
    () => "",
  );
  if (!parsed.ok) throw new Error(parsed.error.join("\n"));
  return parsed.value;
}

describeWith("redis", findRedis(), "a recipe of docs/redis.md", () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function expectGood(settings: Settings): Promise<void> {
    const stores: Stores = await openStores(settings, systemClock);
    cleanups.push(() => stores.close());
    await Promise.all([stores.ledger.ping(), stores.directory.ping()]);
    expect(stores.warnings).toStrictEqual([]);
  }

  it("has one server, and a user that may do what Berth does", async () => {
    const lines = [...recipe("one server"), ...USER];
    const server = await startRedis(lines.flatMap((line) => `--${line}`.split(" ")));
    cleanups.push(() => server.stop());
    await expectGood(settingsWith("redis.example.com:6379/0", `127.0.0.1:${server.port}`));
  });

  it("has Sentinels", async () => {
    const settings = [...recipe("servers behind Sentinels"), ...USER];
    const fleet = await startSentinelFleet({ password: "another", sentinelPassword: "0ther", settings });
    cleanups.push(() => fleet.stop());
    await expectGood(
      settingsWith("BERTH_REDIS_TOPOLOGY=sentinel", fleet.sentinels.map(({ address }) => address).join(",")),
    );
  });

  it("has a cluster", async () => {
    const settings = [...recipe("nodes of a cluster"), ...USER];
    const fleet = await startClusterFleet({ settings });
    cleanups.push(() => fleet.stop());
    await expectGood(
      settingsWith("BERTH_REDIS_TOPOLOGY=cluster", fleet.nodes.map(({ address }) => address).join(",")),
    );
  });
});
