import { describe, expect, it } from "vitest";
import type { Caller } from "../../domain/accounts/caller.ts";
import { authorizationFault } from "./authorize.ts";

const READER: Caller = { actor: "token:1", scopes: ["org:read"], namespaces: ["acme"], exchanged: false };
const ROUTE = { scopes: ["org:read", "rules:write"], exchanged: true } as const;
const OPERATOR: Caller = { ...READER, scopes: ["super:user"], namespaces: "all" };

describe("a route of a namespace", () => {
  it.each<{
    what: string;
    caller: Caller;
    route?: Parameters<typeof authorizationFault>[1];
    in?: string;
    may: boolean;
  }>([
    { what: "the scope there", caller: READER, may: true },
    { what: "the scope elsewhere", caller: READER, in: "other", may: false },
    { what: "another scope", caller: { ...READER, scopes: ["audit:read"] }, may: false },
    { what: "the scope everywhere", caller: { ...READER, namespaces: "all" }, may: true },
    { what: "an operator's", caller: OPERATOR, in: "other", may: true },
    { what: "an identity token's", caller: { ...READER, exchanged: true }, may: true },
    {
      what: "an identity token's, where those are kept out",
      caller: { ...OPERATOR, exchanged: true },
      route: { ...ROUTE, exchanged: false },
      may: false,
    },
    {
      what: "none that matters",
      caller: { ...READER, scopes: [] },
      route: { ...ROUTE, scopes: "any" },
      may: true,
    },
  ])("with $what: $may", ({ caller, route = ROUTE, in: namespace = "acme", may }) => {
    expect(authorizationFault(caller, route, "path", namespace) === undefined).toBe(may);
  });
});

it("of all namespaces takes a scope that is bound to none", () => {
  expect(authorizationFault(READER, ROUTE, "none", undefined)?.reason).toBe("insufficient_scope");
  expect(authorizationFault({ ...READER, namespaces: "all" }, ROUTE, "none", undefined)).toBeUndefined();
});

it("of an object that is still to be read takes the scope in any namespace", () => {
  expect(authorizationFault(READER, ROUTE, "object", undefined)).toBeUndefined();
  expect(authorizationFault({ ...READER, namespaces: "all" }, ROUTE, "object", undefined)).toBeUndefined();
  expect(authorizationFault({ ...OPERATOR, namespaces: [] }, ROUTE, "object", undefined)).toBeUndefined();
  const auditor: Caller = { ...READER, scopes: ["audit:read"] };
  expect(authorizationFault(auditor, ROUTE, "object", undefined)?.reason).toBe("insufficient_scope");
  const nowhere: Caller = { ...READER, namespaces: [] };
  expect(authorizationFault(nowhere, ROUTE, "object", undefined)?.reason).toBe("insufficient_scope");
});
