import { describe, expect, it } from "vitest";
import { reportOn } from "./server-check.ts";

function info(version: string): string {
  return `# Server\r\nredis_version:${version}\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n`;
}

describe("the version of a Redis", () => {
  it.each(["6.2.0", "7.0.15", "8.0.1", "10.1.0"])("%s will do", (version) => {
    expect(reportOn(info(version))).toStrictEqual({ problems: [], warnings: [] });
  });

  it.each(["6.0.16", "5.9.0", "unknown"])("%s is a problem", (version) => {
    const problem = `Redis has version ${version}. Install 6.2 or later, or Valkey.`;
    expect(reportOn(info(version))).toStrictEqual({ problems: [problem], warnings: [] });
  });
});
