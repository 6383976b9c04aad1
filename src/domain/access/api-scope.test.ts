import { describe, expect, it } from "vitest";
import { API_SCOPES, type ApiScope, GRANTABLE_API_SCOPES, isApiScope } from "./api-scope.ts";

describe("isApiScope", () => {
  it.each(API_SCOPES)("takes %s", (scope) => {
    expect(isApiScope(scope)).toBe(true);
  });

  it.each(["", "super", "super:user ", "Super:User", "repository:acme/app:pull", "length"])(
    "refuses '%s'",
    (text) => {
      expect(isApiScope(text)).toBe(false);
    },
  );
});

it.each<ApiScope>(["super:user", "org:admin", "credentials:revoke", "audit:read", "tokens:introspect"])(
  "lets no federation rule grant %s",
  (scope) => {
    expect((GRANTABLE_API_SCOPES as readonly ApiScope[]).includes(scope)).toBe(false);
  },
);
