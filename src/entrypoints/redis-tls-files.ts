import { readFileSync } from "node:fs";
import type { TlsTexts } from "../adapters/redis/options.ts";
import type { RedisSettings } from "../config/settings/redis-settings.ts";
import { ConfigurationError } from "./configuration-error.ts";

type Files = RedisSettings["tls"];

const VARIABLES = { ca: "BERTH_REDIS_TLS_CA", cert: "BERTH_REDIS_TLS_CERT", key: "BERTH_REDIS_TLS_KEY" };

/**
 * What the files hold whenever it is asked, which is for each new connection: a renewed certificate needs no restart.
 * Throws ConfigurationError where one cannot be read now; later the last good texts hold, and `onNotice` is told.
 */
export function redisTlsTexts(files: Files, onNotice: (notice: string) => void): () => TlsTexts {
  let texts = readAll(files);
  return () => {
    try {
      texts = readAll(files);
    } catch (fault) {
      if (!(fault instanceof ConfigurationError)) throw fault;
      onNotice(`${fault.message}; the one that was read last is used`);
    }
    return texts;
  };
}

function readAll(files: Files): TlsTexts {
  const problems: string[] = [];
  const texts = (["ca", "cert", "key"] as const).flatMap((part) => {
    const path = files[part];
    if (path === undefined) return [];
    try {
      return [[part, readFileSync(path, "utf8")] as const];
    } catch (fault) {
      const code = fault instanceof Error && "code" in fault ? fault.code : undefined;
      problems.push(`${VARIABLES[part]}: cannot be read: ${code}`);
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(texts);
}
