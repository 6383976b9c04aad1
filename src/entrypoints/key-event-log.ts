import type { Log } from "../adapters/log/json-lines.ts";
import type { KeyEvent } from "../adapters/oidc/key-event.ts";

/** What happens to an issuer's keys, in the log: a warning where it takes an operator to mend it. */
export function logKeyEvent(log: Log, event: KeyEvent): void {
  const { kind, issuer } = event;
  switch (kind) {
    case "keys_fetched":
      return log("info", "issuer keys fetched", { issuer, keys: event.keys });
    case "key_skipped":
      return log("info", "issuer key skipped", { issuer, key_id: event.keyId, reason: event.reason });
    case "key_fetch_failed":
      return log("warn", "issuer keys not fetched", { issuer, reason: event.reason, code: event.code });
    case "stale_keys_serving":
      return log("warn", "issuer keys are stale", { issuer, age_seconds: event.ageSeconds });
  }
}
