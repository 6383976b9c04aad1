import { afterAll, beforeAll, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { storeRobot } from "../../support/stored-robot.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
  for (const name of ["b", "a-c", "a.b", "a"]) {
    await world.operator("POST", "/namespaces", { name });
    await storeRobot(world.berth, { name: `acme+x${name}`, uid: `uid-${name}` });
    await world.operator("PUT", `/registries/${name}.example.com`, {
      url: "https://r.example.com",
      token: "x5c",
    });
    await world.operator("PUT", `/issuers/${encodeURIComponent(`https://${name}.example.com`)}`, {});
    await world.operator("POST", "/namespaces", { name: `gone-${name}` });
    await world.operator("DELETE", `/namespaces/gone-${name}`);
  }
});
afterAll(() => world.berth.close());

type Entry = Readonly<Record<string, string>>;

async function pages(path: string, member: string, limit: number): Promise<readonly Entry[][]> {
  const found: Entry[][] = [];
  let next = "";
  do {
    const { status, body } = await world.operator("GET", `${path}?limit=${limit}${next}`);
    expect(status).toBe(200);
    const { [member]: page = [], next_page: position } = body as Record<string, Entry[]> & {
      next_page?: string;
    };
    found.push(page);
    next = position === undefined ? "" : `&next_page=${position}`;
  } while (next !== "");
  return found;
}

it.each([
  ["/namespaces", "namespaces", "name"],
  ["/reserved-names", "names", "name"],
  ["/namespaces/acme/robots", "robots", "name"],
  ["/registries", "registries", "service"],
  ["/issuers", "issuers", "url"],
] as const)("%s is read to its end, in order, whatever the page", async (path, member, key) => {
  const [all = []] = await pages(path, member, 1000);
  const names = all.map((entry) => entry[key]);
  expect(names.length).toBeGreaterThanOrEqual(4);
  expect(names).toEqual([...names].sort());
  for (const limit of [1, 2, 3, names.length]) {
    const parts = await pages(path, member, limit);
    expect(parts.flat()).toEqual(all);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(limit);
    expect(parts).toHaveLength(Math.ceil(names.length / limit));
  }
});

it.each(["limit=0", "limit=1001", "limit=1.5", "limit=x", "next_page=%21", "next_page=_w"])(
  "refuses %s",
  async (query) => {
    const { status, body } = await world.operator("GET", `/namespaces?${query}`);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
  },
);

it("goes on behind a name that has gone meanwhile", async () => {
  const first = await world.operator("GET", "/namespaces?limit=2");
  const { namespaces, next_page: next } = first.body as { namespaces: Entry[]; next_page: string };
  await world.operator("DELETE", `/namespaces/${namespaces[1]?.name}`);
  const { body } = await world.operator("GET", `/namespaces?limit=1&next_page=${next}`);
  const following = (body as { namespaces: Entry[] }).namespaces[0]?.name ?? "";
  expect(following > (namespaces[1]?.name ?? "")).toBe(true);
});
