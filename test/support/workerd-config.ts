import type { WorkerOptions } from "./workerd.ts";

/** Of `wrangler.toml`; one that the installed runtime knows. */
const COMPATIBILITY_DATE = "2026-04-01";

/**
 * The text that `workerd serve` reads: one Worker on a free port of loopback, whose main module is the file
 * `worker.js` beside the text, and whose objects keep what they keep in `folder`.
 */
export function workerdConfig(options: Omit<WorkerOptions, "script">, folder: string): string {
  const { objects, texts = {}, trusted = [], port = 0 } = options;
  const namespaces = Object.values(objects).map(
    (name) => `(className = ${quote(name)}, uniqueKey = ${quote(name)}, enableSql = true)`,
  );
  const bindings = [
    ...Object.entries(objects).map(
      ([name, className]) => `(name = ${quote(name)}, durableObjectNamespace = ${quote(className)})`,
    ),
    ...Object.entries(texts).map(([name, text]) => `(name = ${quote(name)}, text = ${quote(text)})`),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = ${quote(folder)}, writable = true)),
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true, trustedCertificates = ${list(trusted.map(quote))})
    ))
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = ${quote(COMPATIBILITY_DATE)},
  compatibilityFlags = ["nodejs_compat"],
  durableObjectNamespaces = ${list(namespaces)},
  durableObjectStorage = (localDisk = "disk"),
  bindings = ${list(bindings)}
);
`;
}

function list(items: readonly string[]): string {
  return `[${items.join(", ")}]`;
}

/** Cap'n Proto takes the escapes of JSON but \\u. */
function quote(text: string): string {
  return JSON.stringify(text);
}
