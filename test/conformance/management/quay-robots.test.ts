import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aRegistry } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { registryToken } from "../../support/requests.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const BASES = ["/organization/acme/robots", "/user/robots"] as const;
const NAMES = { "/organization/acme/robots": "acme", "/user/robots": "alice" } as const;
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} -0000$/;
const TOKEN = expect.stringMatching(/^brp_[0-9A-Za-z]{49}$/);

describe.each(BASES)("%s", (base) => {
  const namespace = NAMES[base];
  const ROBOT = {
    name: `${namespace}+coolbot`,
    created: expect.stringMatching(DATE),
    last_accessed: null,
    description: "",
  };

  // Quay: TestUserRobots.test_robots, TestOrgRobots.test_create_robot_with_underscores, test_robots
  it.each(["coolbot", "mr_bot", "bot.v2", "bot-7"])("creates, reads and deletes %s", async (short) => {
    const robot = { ...ROBOT, name: `${namespace}+${short}` };
    const created = await world.operator("PUT", `${base}/${short}`);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ ...robot, token: TOKEN, unstructured_metadata: {} });
    const got = await world.operator("GET", `${base}/${short}`);
    expect([got.status, got.body]).toEqual([200, { ...robot, unstructured_metadata: {} }]);
    expect(got.headers.get("etag")).toBe(created.headers.get("etag"));
    const deleted = await world.operator("DELETE", `${base}/${short}`);
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    expect(await world.operator("GET", `${base}/${short}`)).toMatchObject({
      status: 404,
      body: { error_type: "not_found", reason: "robot_unknown" },
    });
    expect(await world.changes()).toEqual([
      `directory.changed robot ${namespace}+${short}`,
      `directory.changed robot ${namespace}+${short}`,
    ]);
  });

  // Quay: test_create_robot_with_metadata
  it.each<{ body: object; description: string; metadata: object }>([
    { body: {}, description: "", metadata: {} },
    { body: { description: "this is a description" }, description: "this is a description", metadata: {} },
    { body: { unstructured_metadata: { foo: "bar" } }, description: "", metadata: { foo: "bar" } },
    { body: { description: "x", unknown_field: [1] }, description: "x", metadata: {} },
  ])("creates a robot from $body", async ({ body, description, metadata }) => {
    const created = await world.operator("PUT", `${base}/coolbot`, body);
    const shown = { ...ROBOT, description, unstructured_metadata: metadata };
    expect([created.status, created.body]).toEqual([201, { ...shown, token: TOKEN }]);
    expect((await world.operator("GET", `${base}/coolbot`)).body).toEqual(shown);
  });

  // Quay: test_duplicate_robot_creation answers 400 "Existing robot with name: …"
  it("refuses a name that is taken, and leaves the robot as it is", async () => {
    const before = await world.operator("GET", `${base}/builder`);
    const { status, body } = await world.operator("PUT", `${base}/builder`, { description: "another" });
    expect([status, body]).toMatchObject([409, { error_type: "conflict", reason: "name_taken" }]);
    expect((await world.operator("GET", `${base}/builder`)).body).toEqual(before.body);
    expect(await world.changes()).toEqual([]);
  });

  it.each([
    "x",
    "Coolbot",
    "-bot",
    "bot-",
    "bot__two",
    "bot%0A",
    "a".repeat(127),
    "bot%2Ftwo",
    "bot%7Bs%3A00%7D",
  ])("refuses the name %j", async (short) => {
    const { status, body } = await world.operator("PUT", `${base}/${short}`);
    expect([status, body]).toMatchObject([400, { reason: "name_malformed", error_type: "invalid_request" }]);
    expect(await world.changes()).toEqual([]);
  });

  it.each<{ what: string; body: object }>([
    { what: "a description of 256 characters", body: { description: "x".repeat(256) } },
    { what: "a description that is no text", body: { description: 7 } },
    { what: "metadata that is a list", body: { unstructured_metadata: [] } },
    { what: "metadata of 5 KiB", body: { unstructured_metadata: { x: "x".repeat(5000) } } },
  ])("refuses $what", async ({ body }) => {
    const answer = await world.operator("PUT", `${base}/coolbot`, body);
    expect([answer.status, answer.body]).toMatchObject([400, { reason: "request_malformed" }]);
    expect(await world.changes()).toEqual([]);
  });

  // Quay: test_retrieve_robots, test_retrieve_robots_token_permission
  it.each<{ query: string; members: readonly string[] }>([
    { query: "", members: ["created", "description", "last_accessed", "name"] },
    { query: "?permissions=false", members: ["created", "description", "last_accessed", "name"] },
    { query: "?token=true", members: ["created", "description", "last_accessed", "name"] },
    {
      query: "?permissions=true&token=false",
      members: ["created", "description", "last_accessed", "name", "repositories", "teams"],
    },
  ])("lists robots by name, whose tokens nobody sees again ($query)", async ({ query, members }) => {
    await world.operator("PUT", `${base}/another`);
    const { status, body } = await world.operator("GET", `${base}${query}`);
    const { robots } = body as { robots: { name: string }[] };
    expect(status).toBe(200);
    expect(robots.map(({ name }) => name).slice(0, 2)).toEqual([
      `${namespace}+another`,
      `${namespace}+builder`,
    ]);
    for (const robot of robots) expect(Object.keys(robot).sort()).toEqual(members);
  });

  it("lists a page at a time, each robot once", async () => {
    for (const short of ["one", "two", "three"]) await world.operator("PUT", `${base}/${short}`);
    const whole = (await world.operator("GET", base)).body as { robots: object[] };
    const found: object[] = [];
    let next: string | undefined = "";
    while (next !== undefined) {
      const query: string = next === "" ? "" : `&next_page=${next}`;
      const { body } = await world.operator("GET", `${base}?limit=2${query}`);
      const page = body as { robots: object[]; next_page?: string };
      expect(page.robots.length).toBeLessThanOrEqual(2);
      found.push(...page.robots);
      next = page.next_page;
    }
    expect(found).toEqual(whole.robots);
    expect(whole).not.toHaveProperty("next_page");
  });

  it.each(["0", "1001", "x", "1.5"])("refuses a limit of %s", async (limit) => {
    const { status, body } = await world.operator("GET", `${base}?limit=${limit}`);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
  });

  it.each(["*", "%00", "A", "_w"])("refuses a next_page that is none of ours: %s", async (next) => {
    const { status, body } = await world.operator("GET", `${base}?next_page=${next}`);
    expect([status, body]).toMatchObject([
      400,
      { error_message: "The request is malformed: next_page: must be the next_page of the page before" },
    ]);
  });

  // Quay: TestUserRobots.test_regenerate, TestOrgRobots.test_regenerate
  it("regenerates the token, and the one before is dead", async () => {
    const tokenOf = ({ body }: { body: unknown }) => (body as { token: string }).token;
    const first = tokenOf(await world.operator("PUT", `${base}/coolbot`));
    const regenerated = await world.operator("POST", `${base}/coolbot/regenerate`);
    expect([regenerated.status, regenerated.body]).toEqual([200, { ...ROBOT, token: TOKEN }]);
    const username = `${namespace}+coolbot`;
    const status = async (password: string) =>
      (await registryToken(world.berth.app, { username, password })).status;
    expect([await status(first), await status(tokenOf(regenerated))]).toEqual([401, 200]);
  });

  it.each(["GET", "DELETE"])(
    "answers 404 to %s of a robot that is not there, where Quay has 400",
    async (method) => {
      expect(await world.operator(method, `${base}/nobody`)).toMatchObject({
        status: 404,
        body: { error_type: "not_found", reason: "robot_unknown", status: 404 },
      });
      expect(await world.changes()).toEqual([]);
    },
  );
});

describe("what a robot may do, as Quay lists it", () => {
  it("names repositories without the robot's namespace, and others whole", async () => {
    const permissions = [
      { registry: "registry.example.com", repository: "acme/app", role: "write" as const },
      { registry: "registry.example.com", repository: "acme/tools/**", role: "read" as const },
      { registry: "registry.example.com", repository: "other/app", role: "admin" as const },
    ];
    await world.berth.put({ robot: { permissions } });
    const { body } = await world.operator("GET", "/organization/acme/robots?permissions=true");
    expect((body as { robots: object[] }).robots[0]).toMatchObject({
      name: "acme+builder",
      teams: [],
      repositories: ["app", "tools/**", "other/app"],
    });
    const listed = await world.operator("GET", "/organization/acme/robots/builder/permissions");
    expect(listed.body).toEqual({
      permissions: [
        { repository: { name: "app", is_public: false }, role: "write", registry: "registry.example.com" },
        {
          repository: { name: "tools/**", is_public: false },
          role: "read",
          registry: "registry.example.com",
        },
        {
          repository: { name: "other/app", is_public: false },
          role: "admin",
          registry: "registry.example.com",
        },
      ],
    });
  });

  it("says what anyone may pull", async () => {
    await world.berth.put({
      registries: [aRegistry({ anonymousPull: ["acme/app"] })],
      robot: { managedBy: "api" },
    });
    world.berth.clock.advance(2000);
    const { body } = await world.operator("GET", "/organization/acme/robots/builder/permissions");
    expect(body).toMatchObject({ permissions: [{ repository: { name: "app", is_public: true } }] });
  });
});
