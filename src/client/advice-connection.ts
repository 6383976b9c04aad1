import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import type { HttpFault, HttpFaultKind } from "./http-fault.ts";
import type { HttpAnswer } from "./http-request.ts";
import { parseUrl } from "./parse-url.ts";

/** A fault in words that follow the name of a server. */
export function faultWords({ kind, code }: HttpFault): string {
  const words: Readonly<Record<HttpFaultKind, string>> = {
    timeout: "did not answer in time",
    unresolved: "is a name that DNS does not know",
    unreachable: `cannot be reached (${code})`,
    untrusted: "shows a certificate of a CA that this machine does not trust; see BERTH_CA_FILE",
    wrong_name: "shows a certificate for another name",
    certificate_dates: "shows a certificate that has expired, or is not valid yet",
    not_tls: "does not speak TLS",
    too_large: "gave an answer that has no end",
    ca_unreadable: "cannot be verified: BERTH_CA_FILE cannot be read",
    proxy_refused: "is behind a proxy that lets nothing through to it",
  };
  return words[kind];
}

type Advise = (server: string, fault: HttpFault, environment: ClientEnvironment) => ClientProblem;

const BY_KIND: Readonly<Record<HttpFaultKind, Advise>> = {
  timeout: unreachable,
  unreachable,
  unresolved: (server) => clientProblem("server_unresolved", { host: parseUrl(server)?.hostname ?? server }),
  untrusted: (server) => clientProblem("certificate_untrusted", { server }),
  wrong_name: (server) => clientProblem("certificate_wrong_name", { server }),
  certificate_dates: (server, _, { now }) =>
    clientProblem("certificate_dates", { server, now: new Date(now()).toISOString() }),
  not_tls: (server) => clientProblem("server_not_tls", { server }),
  too_large: (server) => clientProblem("server_answer_unexpected", { server, status: "200" }),
  ca_unreadable: (_, __, { variables }) =>
    clientProblem("ca_file_unreadable", { file: variables.BERTH_CA_FILE ?? "" }),
  proxy_refused: (server, { proxy = "" }) => clientProblem("proxy_refused", { server, proxy }),
};

/** No answer of Berth's, and what to do about it. */
export function connectionProblem(
  environment: ClientEnvironment,
  server: string,
  fault: HttpFault,
): ClientProblem {
  if (fault.unusedProxy !== undefined) {
    const { host: proxy, node } = fault.unusedProxy;
    return clientProblem("proxy_unsupported", { server, proxy, node, fault: faultWords(fault) });
  }
  return BY_KIND[fault.kind](server, fault, environment);
}

function unreachable(server: string, fault: HttpFault): ClientProblem {
  const way = fault.proxy === undefined ? "" : ` by the proxy ${fault.proxy}`;
  return clientProblem("server_unreachable", { server, fault: `${faultWords(fault)}${way}` });
}

/** An answer that no Berth gives: of a proxy in between, or of another server. */
export function foreignAnswerProblem(
  server: string,
  answer: HttpAnswer,
  triedSeconds: string,
): ClientProblem {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    return clientProblem("server_redirects", { server, location: headers.location ?? "nowhere" });
  }
  if (status === 429) return clientProblem("rate_limited", { server, seconds: triedSeconds });
  if (status >= 500) {
    const told = `something in between answers ${status}.`;
    return clientProblem("server_unavailable", { server, told, seconds: triedSeconds, request: "unknown" });
  }
  return clientProblem("server_answer_unexpected", { server, status: String(status) });
}
