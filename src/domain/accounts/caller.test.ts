import { describe, expect, it } from "vitest";
import type { ApiScope } from "../access/api-scope.ts";
import { type Caller, HOST_OPERATOR, isBoundTo, isSuperUser, mayAct } from "./caller.ts";

const WRITER: Caller = {
  actor: "token:1",
  scopes: ["robots:write"],
  namespaces: ["acme"],
  exchanged: false,
};

const may = (change: Partial<Caller>, scopes: readonly ApiScope[], namespace?: string) =>
  mayAct({ ...WRITER, ...change }, scopes, namespace);

describe("mayAct", () => {
  it("allows what any one of the scopes allows, in a namespace that the caller is bound to", () => {
    expect(may({}, ["robots:write"], "acme")).toBe(true);
    expect(may({}, ["rules:write", "robots:write"], "acme")).toBe(true);
    expect(may({ scopes: ["audit:read", "robots:write"] }, ["robots:write"], "acme")).toBe(true);
    expect(may({ namespaces: ["other", "acme"] }, ["robots:write"], "acme")).toBe(true);
  });

  it.each<{ what: string; change?: Partial<Caller>; scopes?: readonly ApiScope[]; namespace?: string }>([
    { what: "another scope", scopes: ["rules:write"], namespace: "acme" },
    { what: "no scope", change: { scopes: [] }, namespace: "acme" },
    { what: "another namespace", namespace: "other" },
    { what: "a namespace whose name begins the same", namespace: "acm" },
    { what: "a caller that is bound to none", change: { namespaces: [] }, namespace: "acme" },
    { what: "all namespaces, asked for by who is bound to some" },
    { what: "all namespaces, with org:admin in some", change: { scopes: ["org:admin"] } },
  ])("refuses $what", ({ change = {}, scopes = ["robots:write"], namespace }) => {
    expect(may(change, scopes, namespace)).toBe(false);
  });

  it("lets who is bound to none in particular act in all", () => {
    const everywhere = { namespaces: "all" } as const;
    expect(may(everywhere, ["robots:write"])).toBe(true);
    expect(may(everywhere, ["robots:write"], "acme")).toBe(true);
    expect(may(everywhere, ["rules:write"])).toBe(false);
  });

  it.each<{ scope: ApiScope; comes: boolean }>([
    { scope: "robots:write", comes: true },
    { scope: "permissions:write", comes: true },
    { scope: "rules:write", comes: true },
    { scope: "org:read", comes: true },
    { scope: "audit:read", comes: true },
    { scope: "tokens:introspect", comes: false },
    { scope: "super:user", comes: false },
  ])("with org:admin comes $scope: $comes", ({ scope, comes }) => {
    expect(may({ scopes: ["org:admin"] }, [scope], "acme")).toBe(comes);
    expect(may({ scopes: ["org:admin"] }, [scope], "other")).toBe(false);
  });

  it("lets an operator do everything, whatever he is bound to", () => {
    const operator = { scopes: ["audit:read", "super:user"], namespaces: [] } as const;
    expect(may(operator, ["rules:write"], "acme")).toBe(true);
    expect(may(operator, [])).toBe(true);
    expect(mayAct(HOST_OPERATOR, ["tokens:introspect"])).toBe(true);
  });
});

it("isSuperUser goes by the scope alone", () => {
  expect(isSuperUser(HOST_OPERATOR)).toBe(true);
  expect(isSuperUser({ ...WRITER, scopes: ["org:admin"], namespaces: "all" })).toBe(false);
});

it("isBoundTo goes by the whole name", () => {
  expect(["acme", "acm", "other"].map((name) => isBoundTo(WRITER, name))).toEqual([true, false, false]);
  expect(isBoundTo({ ...WRITER, namespaces: "all" }, "other")).toBe(true);
});
