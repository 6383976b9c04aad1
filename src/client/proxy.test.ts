import { describe, expect, it } from "vitest";
import { canUseProxies, proxyFor, proxyHost } from "./proxy.ts";

const PROXY = "http://proxy.example.com:3128";

describe("the proxy for a URL", () => {
  it.each([
    ["https://berth.example.com/", { https_proxy: PROXY }, PROXY],
    ["https://berth.example.com/", { HTTPS_PROXY: PROXY }, PROXY],
    ["https://berth.example.com/", { https_proxy: PROXY, HTTPS_PROXY: "http://other" }, PROXY],
    ["https://berth.example.com/", { http_proxy: PROXY }, undefined],
    ["http://berth.example.com/", { http_proxy: PROXY }, PROXY],
    ["http://127.0.0.1:8080/", { http_proxy: PROXY }, undefined],
    ["http://[::1]:8080/", { http_proxy: PROXY }, undefined],
    ["http://localhost/", { http_proxy: PROXY }, undefined],
    ["https://berth.example.com/", {}, undefined],
  ])("%s with %o is %s", (url, variables, expected) => {
    expect(proxyFor(new URL(url), variables)).toBe(expected);
  });

  it.each([
    ["*", undefined],
    ["berth.example.com", undefined],
    ["example.com", undefined],
    [".example.com", undefined],
    ["*.example.com", undefined],
    ["BERTH.example.com", undefined],
    ["other, berth.example.com:443", undefined],
    ["berth.example.com:8443", PROXY],
    ["h.example.com", PROXY],
    ["ample.com", PROXY],
    ["", PROXY],
  ])("but for NO_PROXY=%s is %s", (exceptions, expected) => {
    const variables = { https_proxy: PROXY, NO_PROXY: exceptions };
    expect(proxyFor(new URL("https://berth.example.com/"), variables)).toBe(expected);
  });

  it("is shown without its password", () => {
    expect(proxyHost("http://user:secret@proxy.example.com:3128")).toBe("proxy.example.com:3128");
    expect(proxyHost("user:secret")).not.toContain("secret");
  });
});

it.each([
  ["20.19.0", false],
  ["22.20.0", false],
  ["22.21.0", true],
  ["23.11.0", false],
  ["24.4.1", false],
  ["24.5.0", true],
  ["26.0.0", true],
])("Node %s can use proxies: %s", (version, expected) => {
  expect(canUseProxies(version)).toBe(expected);
});
