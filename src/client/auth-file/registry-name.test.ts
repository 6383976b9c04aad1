import { describe, expect, it } from "vitest";
import { parseRegistryName, registryOfKey } from "./registry-name.ts";

const HUB = { host: "registry-1.docker.io", key: "https://index.docker.io/v1/" };

describe("the name of a registry", () => {
  it.each([
    ["registry.example.com", { host: "registry.example.com", key: "registry.example.com" }],
    ["Registry.Example.com:5000", { host: "registry.example.com:5000", key: "registry.example.com:5000" }],
    ["localhost:5000", { host: "localhost:5000", key: "localhost:5000" }],
    ["[::1]:5000", { host: "[::1]:5000", key: "[::1]:5000" }],
    ["docker.io", HUB],
    ["index.docker.io", HUB],
    ["https://index.docker.io/v1/", HUB],
  ])("%s", (text, name) => {
    expect(parseRegistryName(text)).toEqual(name);
  });

  it.each([
    "https://registry.example.com",
    "registry.example.com/acme",
    "registry.example.com/",
    "user@registry.example.com",
    "registry.example.com:",
    "registry.example.com:port",
    "registry example.com",
    "-registry",
    "__proto__",
    "",
    `${"a".repeat(300)}.example`,
  ])("is not %j", (text) => {
    expect(parseRegistryName(text)).toBe(undefined);
  });

  it.each(["https://registry.example.com/", "http://registry.example.com", "registry.example.com"])(
    "is in what a client asks a helper for: %s",
    (key) => {
      expect(registryOfKey(key)?.host).toBe("registry.example.com");
    },
  );

  it("is not in the URL of something else", () => {
    expect(registryOfKey("https://registry.example.com/path")).toBe(undefined);
  });
});
