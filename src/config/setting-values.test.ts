import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");

/** The problems of valid settings with one changed. */
function problems(change: Readonly<Record<string, string>>): readonly string[] {
  const baseline = { BERTH_PUBLIC_URL: "https://berth.example.com", BERTH_ENCRYPTION_KEY: `k1:${KEY}` };
  const parsed = parseSettings({ ...baseline, ...change }, () => "");
  return parsed.ok ? [] : parsed.error;
}

describe("the value of a setting", () => {
  const NORMAL_FORM = "must be in normal form: lower-case host, no default port, no empty or dot segments";
  it.each([
    { url: "berth", problem: "must be a URL, such as https://berth.example.com" },
    { url: "ftp://localhost", problem: "must be https; http is for a loopback host only" },
    { url: "http://127.evil.example", problem: "must be https; http is for a loopback host only" },
    { url: "https://me@berth.example.com", problem: "must not hold a user name or password" },
    { url: "https://:pw@berth.example.com", problem: "must not hold a user name or password" },
    { url: "https://berth.example.com?", problem: "must not have a query or fragment" },
    { url: "https://berth.example.com#", problem: "must not have a query or fragment" },
    { url: "https://berth.example.com/", problem: "must not end in a slash" },
    { url: "https://berth.example.com/ci/", problem: "must not end in a slash" },
    { url: "https://Berth.example.com", problem: NORMAL_FORM },
    { url: "https://berth.example.com:443", problem: NORMAL_FORM },
    { url: "https://berth.example.com/a/../b", problem: NORMAL_FORM },
    { url: "https://berth.example.com/a//b", problem: NORMAL_FORM },
    { url: " https://berth.example.com", problem: NORMAL_FORM },
  ])("refuses the public URL $url", ({ url, problem }) => {
    expect(problems({ BERTH_PUBLIC_URL: url })).toEqual([`BERTH_PUBLIC_URL: ${problem}`]);
  });

  it.each([
    ":8080",
    "8080",
    "berth.example.com:8080",
    "[127.0.0.1]:80",
    "::1:80",
    "127.0.0.1:65536",
    "127.0.0.1:",
  ])("refuses to listen on %s", (listen) => {
    expect(problems({ BERTH_LISTEN: listen })).toEqual([
      "BERTH_LISTEN: must be ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080",
    ]);
  });

  const KEY_FORM =
    'must be a list of ID:KEY, each key 32 random bytes in base64; one is made with: echo "k1:$(openssl rand -base64 32)"';
  it.each([
    { keys: KEY, problem: KEY_FORM },
    { keys: `:${KEY}`, problem: KEY_FORM },
    { keys: `k1:${KEY},`, problem: KEY_FORM },
    { keys: `k1:${Buffer.alloc(31).toString("base64")}`, problem: KEY_FORM },
    { keys: `k1:${Buffer.alloc(33).toString("base64")}`, problem: KEY_FORM },
    { keys: `a b:${KEY}`, problem: KEY_FORM },
    { keys: `k1:${KEY},k1:${KEY}`, problem: "names one key id twice" },
  ])("refuses the encryption keys $keys", ({ keys, problem }) => {
    expect(problems({ BERTH_ENCRYPTION_KEY: keys })).toEqual([`BERTH_ENCRYPTION_KEY: ${problem}`]);
  });

  const REDIS_FORM =
    "must be redis:// or rediss://, hosts with ports, and a database number where one is used";
  it.each([
    {
      name: "BERTH_TRUSTED_PROXIES",
      value: "proxy",
      problem: "must be a list of addresses and networks, such as 10.0.0.7,fd00:1::/64",
    },
    { name: "BERTH_TRUSTED_PROXIES", value: "0.0.0.0/0", problem: "must not trust every address" },
    { name: "BERTH_TRUSTED_PROXIES", value: "::/0", problem: "must not trust every address" },
    { name: "BERTH_REDIS_URL", value: "http://redis", problem: REDIS_FORM },
    { name: "BERTH_REDIS_URL", value: "redis://", problem: REDIS_FORM },
    { name: "BERTH_REDIS_PREFIX", value: "{berth}", problem: "must be 1 to 64 letters, digits and :._-" },
    { name: "BERTH_EGRESS_PROXY", value: "proxy:3128", problem: "must be a URL with http:// or https://" },
    { name: "BERTH_REFUSAL_DELAY_MS", value: "9", problem: "must be a whole number from 10 to 5000" },
    { name: "BERTH_REFUSAL_DELAY_MS", value: "1e3", problem: "must be a whole number from 10 to 5000" },
    { name: "BERTH_STORE_TIMEOUT_MS", value: "30001", problem: "must be a whole number from 100 to 30000" },
  ])("refuses $value as $name", ({ name, value, problem }) => {
    expect(problems({ [name]: value })).toEqual([`${name}: ${problem}`]);
  });
});
