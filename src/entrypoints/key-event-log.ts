import type { Log } from "../adapters/log/json-lines.ts";
import type { KeyEvent } from "../adapters/oidc/key-event.ts";

/** What happens to an issuer's keys, in the log: a warning where it takes an operator to mend it. */
export function logKeyEvent(log: Log, event: KeyEvent): void {
  const { level, message, fields } = describe(event);
  log(level, message, { issuer: event.issuer, ...fields });
}

interface Line {
  readonly level: "info" | "warn";
  readonly message: string;
  readonly fields: Parameters<Log>[2];
}

function describe(event: KeyEvent): Line {
  switch (event.kind) {
    case "keys_fetched":
      return { level: "info", message: "issuer keys fetched", fields: { keys: event.keys } };
    case "key_skipped":
      return {
        level: "info",
        message: "issuer key skipped",
        fields: { key_id: event.keyId, reason: event.reason },
      };
    case "key_fetch_failed":
      return {
        level: "warn",
        message: "issuer keys not fetched",
        fields: { reason: event.reason, code: event.code },
      };
    case "stale_keys_serving":
      return { level: "warn", message: "issuer keys are stale", fields: { age_seconds: event.ageSeconds } };
  }
}
