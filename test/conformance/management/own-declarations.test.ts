import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CA } from "../../support/declaration-text.ts";
import { type Ask, type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { acme, packer, ruleText } from "./acme-declarations.ts";
import { declaring } from "./own-samples.ts";

const PLAN = "/declarations/plan";
const APPLY = "/declarations/apply";

let world: ManagedBerth;
let admin: Ask;
beforeAll(async () => {
  world = await startManagedBerth();
  admin = await world.holder("org:admin");
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

async function applied(body: object): Promise<void> {
  const { status, body: answer } = await admin("POST", APPLY, body);
  expect(status, JSON.stringify(answer)).toBe(200);
}

describe("a plan", () => {
  it("shows what is made whole, by the field names of the file, and writes nothing", async () => {
    const { status, body, headers } = await admin("POST", PLAN, acme(packer(ruleText(world))));
    expect([status, body]).toEqual([
      200,
      {
        managed_by: "apply:default",
        summary: { created: 1, changed: 0, removed: 0, unchanged: 1, conflict: 0 },
        objects: [
          { kind: "namespace", name: "acme", outcome: "unchanged", findings: [] },
          {
            kind: "robot",
            name: "acme+packer",
            outcome: "created",
            after: {
              enabled: true,
              description: "",
              permissions: [{ registry: "registry.example.com", repository: "acme/tools", role: "write" }],
              catalog: false,
              rules: [
                {
                  enabled: true,
                  description: "",
                  issuer: world.berth.issuer.url,
                  subject: "repo:acme/tools:ref:refs/heads/main",
                  claims: {},
                  ttl_seconds: 900,
                },
              ],
            },
            findings: [],
          },
        ],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        refused: [],
      },
    ]);
    expect(headers.get("etag")).toBe(`"${(body as { digest: string }).digest}"`);
    expect(await world.changes()).toEqual([]);
  });

  it("shows of what is changed the fields that differ, and of what goes all", async () => {
    await applied(acme(`${packer(ruleText(world))}      - name: other\n`));
    const changed = acme(
      packer(ruleText(world, "repo:acme/tools:ref:refs/heads/release")).replace("write", "read"),
    );
    const { body } = await admin("POST", PLAN, changed);
    const [, first, second] = (body as { objects: Record<string, unknown>[] }).objects;
    expect(first).toMatchObject({ name: "acme+packer", outcome: "changed" });
    expect(Object.keys(first?.before as object)).toEqual(["permissions", "rules"]);
    expect(first?.before).toMatchObject({ rules: [{ subject: "repo:acme/tools:ref:refs/heads/main" }] });
    expect(first?.after).toMatchObject({
      permissions: [{ role: "read" }],
      rules: [{ subject: "repo:acme/tools:ref:refs/heads/release" }],
    });
    expect(second).toMatchObject({ name: "acme+other", outcome: "removed", before: { catalog: false } });
    expect(second).not.toHaveProperty("after");
  });

  it("says with the robot account what the linter finds, by file and line", async () => {
    const issuers = "issuers: [{ url: https://gitlab.com }]\n";
    const subject = "project_path:acme/app:ref_type:branch:ref:main";
    const gitlab = ruleText(world, subject).replace(world.berth.issuer.url, "https://gitlab.com");
    const { files } = acme(packer(gitlab));
    const body = { files: [{ name: "system.yaml", text: issuers }, ...files] };
    const { body: planned } = await world.operator("POST", PLAN, body);
    const robot = (planned as { objects: { name: string; findings: object[] }[] }).objects[2];
    expect(robot?.name).toBe("acme+packer");
    expect(robot?.findings).toContainEqual({
      file: "acme.yaml",
      line: 7,
      column: 54,
      path: "namespaces[0].robots[0].rules[0].subject",
      message: expect.stringMatching(/\[recyclable-name\]$/),
    });
  });

  it("says what stands against it, and whose that is", async () => {
    const { status, body } = await admin("POST", PLAN, acme("      - name: builder\n"));
    expect([status, body]).toMatchObject([
      200,
      {
        objects: [{}, { name: "acme+builder", outcome: "conflict", managed_by: "api" }],
        refused: [
          {
            kind: "robot",
            name: "acme+builder",
            reason: "managed_elsewhere",
            sentence: "is managed by api",
          },
        ],
      },
    ]);
  });

  it("takes over what the API made, where it is asked for", async () => {
    const declaration = { ...acme("      - name: builder\n"), adopt: true };
    const { status, body } = await admin("POST", PLAN, declaration);
    const taken = {
      outcome: "changed",
      before: { managed_by: "api" },
      after: { managed_by: "apply:default" },
    };
    expect([status, body]).toMatchObject([
      200,
      {
        objects: [
          { name: "acme", ...taken },
          { name: "acme+builder", ...taken },
        ],
        refused: [],
      },
    ]);
    await applied(declaration);
    expect((await admin("GET", "/namespaces/acme/robots/builder")).body).toMatchObject({
      managed_by: "apply:default",
    });
    const refusal = await admin("PATCH", "/namespaces/acme/robots/builder", { description: "mine" });
    expect([refusal.status, refusal.body]).toMatchObject([409, { reason: "managed_elsewhere" }]);
  });

  it("is for who reads the namespace, and shows nobody else whether it is there", async () => {
    const reader = await world.holder("org:read");
    expect((await reader("POST", PLAN, acme(packer(ruleText(world))))).status).toBe(200);
    for (const name of ["other", "nobody"]) {
      const { status, body } = await reader("POST", PLAN, declaring(`namespaces: [{ name: ${name} }]`));
      const sentence = "is not among the API token's";
      const objects = [{ kind: "namespace", name, reason: "insufficient_scope", sentence }];
      expect([status, body]).toMatchObject([403, { reason: "insufficient_scope", objects }]);
    }
  });

  it("keeps the digits of a claim", async () => {
    const digits = "12345678901234567890";
    const claims = acme(packer(ruleText(world, "repo:acme/tools:x", `, claims: { run_id: ${digits} }`)));
    const { body } = await admin("POST", PLAN, claims);
    expect(JSON.stringify(body)).toContain(`"claims":{"run_id":["${digits}"]}`);
  });
});

describe("a declaration that is not right", () => {
  it("is refused with every problem, by file, line and column, and nothing is written", async () => {
    const files = [
      { name: "a.yaml", text: "namespace: []\n" },
      { name: "b.yaml", text: "namespaces:\n  - name: acme\n    robots: [{ name: x }]\n" },
    ];
    for (const path of [PLAN, APPLY]) {
      const { status, body } = await admin("POST", path, { files });
      expect([status, body]).toMatchObject([
        400,
        {
          reason: "request_malformed",
          detail: "The request is malformed: problems in the files: 2",
          problems: [
            {
              file: "a.yaml",
              line: 1,
              column: 1,
              path: "namespace",
              message: "is not a field; did you mean namespaces?",
            },
            { file: "b.yaml", line: 3, column: 22, path: "namespaces[0].robots[0].name" },
          ],
        },
      ]);
    }
    expect(await world.changes()).toEqual([]);
  });

  it("names no file of the server, and takes what comes with it", async () => {
    const text = "issuers: [{ url: https://ci.example.com, ca_file: /etc/hostname }]";
    const ask = (attachments: object) =>
      world.operator("POST", PLAN, { files: [{ name: "a.yaml", text, attachments }] });
    expect((await ask({})).body).toMatchObject({
      problems: [{ path: "issuers[0].ca_file", message: "names a file that cannot be read" }],
    });
    const planned = await ask({ "/etc/hostname": CA });
    expect(planned.body).toMatchObject({ objects: [{ after: { keys: { ca_pem: CA } } }] });
  });

  it.each([
    [{ files: [] }, 400],
    [{ files: [{ name: "a", text: "" }], owner: "-" }, 400],
    [{ files: [{ name: "a", text: " ".repeat(4 * 1024 * 1024) }] }, 413],
  ])("is refused by its form: %#", async (body, status) => {
    const answer = await admin("POST", PLAN, body);
    expect([answer.status, answer.body]).toMatchObject([status, { reason: "request_malformed" }]);
  });
});

describe("what a large declaration holds", () => {
  it("is read as that of a small one", async () => {
    const small = acme(packer(ruleText(world)));
    const large = acme(`${packer(ruleText(world))}# ${"x".repeat(70_000)}\n`);
    const [first, second] = [await admin("POST", PLAN, small), await admin("POST", PLAN, large)];
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    const broken = await admin("POST", PLAN, acme(`# ${"x".repeat(70_000)}\n      - nme: packer\n`));
    expect(broken.body).toMatchObject({
      problems: [{ line: 5, path: "namespaces[0].robots[0].name", message: "is required" }, { line: 5 }],
    });
  });
});
