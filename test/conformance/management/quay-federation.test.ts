import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { anEvent, aRule, SUBJECT } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { credentialFor, registryToken } from "../../support/requests.ts";

let world: ManagedBerth;
let issuer: string;
beforeAll(async () => {
  world = await startManagedBerth();
  issuer = world.berth.issuer.url;
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const OTHER = "repo:acme/other:ref:refs/heads/main";

describe.each([
  ["/organization/acme/robots", "acme"],
  ["/user/robots", "alice"],
])("federation under %s", (base, namespace) => {
  const path = `${base}/coolbot/federation`;
  beforeEach(async () => {
    await world.operator("PUT", `${base}/coolbot`);
  });
  const stored = async () => (await world.operator("GET", path)).body;

  // Quay: test_robot_federation_create, test_user_robot_federation_create, Playwright's create/get/delete
  it("is posted, read, deleted, and then empty", async () => {
    expect(await stored()).toEqual([]);
    const config = [{ issuer, subject: SUBJECT }];
    // `isExpanded` is what Quay's own page sends along.
    const posted = await world.operator("POST", path, [{ ...config[0], isExpanded: false }]);
    expect([posted.status, posted.body]).toEqual([200, config]);
    expect(await stored()).toEqual(config);
    const deleted = await world.operator("DELETE", path);
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    expect(await stored()).toEqual([]);
  });

  // Quay: test_user_robot_federation_multiple_configs
  it("holds several, and a second post replaces the first", async () => {
    const [first, second] = [
      { issuer, subject: SUBJECT },
      { issuer, subject: OTHER },
    ];
    expect((await world.operator("POST", path, [first, second])).body).toEqual([first, second]);
    expect((await world.operator("POST", path, [second])).body).toEqual([second]);
    expect(await stored()).toEqual([second]);
    expect((await world.operator("POST", path, [])).body).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  // Quay: test_parse_federation_config, test_user_robot_federation_invalid_issuer, …_empty_config
  it.each<{ what: string; config: (issuer: string) => unknown; sentence: string }>([
    {
      what: "an issuer that is no URL",
      config: () => [{ issuer: "issuer1", subject: "subject1" }],
      sentence: "Issuer must be a URL (http:// or https://)",
    },
    {
      what: "a key of another name",
      config: (url) => [{ bad_key: url, subject: SUBJECT }],
      sentence: "Missing one or more required fields (issuer, subject)",
    },
    {
      what: "an empty entry",
      config: () => [{}],
      sentence: "Missing one or more required fields (issuer, subject)",
    },
    {
      what: "an empty subject",
      config: (url) => [{ issuer: url, subject: "" }],
      sentence: "Missing one or more required fields (issuer, subject)",
    },
    { what: "null", config: () => [null], sentence: "Missing one or more required fields (issuer, subject)" },
    {
      what: "the same entry twice",
      config: (url) => [
        { issuer: url, subject: SUBJECT },
        { issuer: url, subject: SUBJECT },
      ],
      sentence: "Duplicate federation config entry",
    },
    { what: "no array", config: (url) => ({ issuer: url, subject: SUBJECT }), sentence: "" },
  ])("refuses $what in Quay's words, and keeps what was there", async ({ config, sentence }) => {
    await world.operator("POST", path, [{ issuer, subject: OTHER }]);
    const before = await world.changes();
    const { status, body } = await world.operator("POST", path, config(issuer));
    expect([status, body]).toMatchObject([
      400,
      { error_type: "invalid_request", reason: "request_malformed" },
    ]);
    expect((body as { error_message: string }).error_message).toContain(sentence);
    expect(await stored()).toEqual([{ issuer, subject: OTHER }]);
    expect(await world.changes()).toEqual(before);
  });

  it("refuses an issuer that nobody registered, which Quay takes", async () => {
    const config = [{ issuer: "https://elsewhere.example.com", subject: SUBJECT }];
    const { status, body } = await world.operator("POST", path, config);
    expect([status, body]).toMatchObject([
      400,
      { error_type: "not_found", reason: "issuer_unknown", status: 400 },
    ]);
    expect(await stored()).toEqual([]);
  });

  // Quay: test_security answers 400 "Could not find robot with specified username"
  it.each(["GET", "POST", "DELETE"])("answers 404 to %s of an unknown robot", async (method) => {
    const body = method === "POST" ? [{ issuer, subject: SUBJECT }] : undefined;
    const answer = await world.operator(method, `${base}/nobody/federation`, body);
    expect([answer.status, answer.body]).toMatchObject([404, { reason: "robot_unknown" }]);
  });

  // Quay: test_org_robot_federation_unauthorized_reader
  it.each(["GET", "POST", "DELETE"])("lets a reader %s no more than read", async (method) => {
    const reader = await world.holder("org:read");
    const before = await world.changes();
    const { status } = await reader(method, path, method === "POST" ? [] : undefined);
    expect(status).toBe(method === "GET" ? 200 : 403);
    expect(await world.changes()).toEqual(before);
  });

  it("keeps the conditions that Quay's form cannot say", async () => {
    const name = `${namespace}+coolbot` as const;
    const records = await world.berth.directory.readRobot(name);
    if (records?.robot === undefined) throw new Error("no robot");
    const rule = aRule({ issuer, claims: { environment: ["production"] }, ttlSeconds: 600 });
    await world.berth.directory.commitNamespace({
      name: namespace,
      fromRevision: records.revision,
      namespace: records.namespace,
      putRobots: [{ ...records.robot, rules: [rule] }],
      removeRobots: [],
      event: anEvent(world.berth.clock.now(), { kind: "directory.changed" }),
    });
    const config = [
      { issuer, subject: SUBJECT },
      { issuer, subject: OTHER },
    ];
    expect((await world.operator("POST", path, config)).body).toEqual(config);
    const [kept] = (await world.berth.directory.readRobot(name))?.robot?.rules ?? [];
    expect(kept).toEqual(rule);
  });
});

it("ends the credentials of an entry that is gone, and no others", async () => {
  const path = "/organization/acme/robots/builder/federation";
  const [one, two] = [
    { issuer, subject: SUBJECT },
    { issuer, subject: OTHER },
  ];
  await world.operator("POST", path, [one, two]);
  const first = await credentialFor(world.berth.app, await world.berth.issuer.sign());
  const second = await credentialFor(world.berth.app, await world.berth.issuer.sign({ sub: OTHER }));
  const status = async (password: string) => (await registryToken(world.berth.app, { password })).status;
  expect([await status(first), await status(second)]).toEqual([200, 200]);
  await world.operator("POST", path, [two]);
  expect([await status(first), await status(second)]).toEqual([401, 200]);
  await world.operator("DELETE", path);
  expect([await status(first), await status(second)]).toEqual([401, 401]);
});
