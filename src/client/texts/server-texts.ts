import type { ProblemTexts } from "./problem-text.ts";

/** Berth, or the registry that names it, was not found, not reached, or is not what it should be. */
export const SERVER_TEXTS = {
  robot_malformed: {
    message: "{robot} is not the name of a robot account.",
    mend: "It is NAMESPACE+NAME in lower case, such as acme+builder. In a URL or a form the + is %2B.",
  },
  server_malformed: {
    message: "{server} is not the URL of a server.",
    mend: "Write Berth's public URL, such as https://berth.example.com: no user name, no query.",
  },
  server_not_https: {
    message: "{server} is not https: on the way, the identity token would be anybody's.",
    mend: "Use Berth's https URL. http is for a server on this machine's own loopback address.",
  },
  registry_malformed: {
    message: "{registry} is not the name of a registry.",
    mend: "Write its host, with its port if it has one: registry.example.com, without https:// and without a path.",
  },
  registry_unreachable: {
    message: "The registry {registry} {fault}.",
    mend: "Check its name and the runner's network. With --server or BERTH_SERVER set, the registry is not asked where Berth is.",
  },
  registry_without_challenge: {
    message:
      "The registry {registry} does not say who gives out its tokens: it answered {status} without a Bearer challenge.",
    mend: "Is it a registry behind Berth? Its configuration needs `auth: token: realm:`. Else name Berth with --server or BERTH_SERVER.",
  },
  registry_realm_foreign: {
    message: "The registry {registry} takes its tokens from {realm}, which is not a Berth.",
    mend: "Check the registry's name. A registry behind Berth has Berth's URL and /v2/auth for its realm. Else name Berth with --server or BERTH_SERVER.",
  },
  registry_of_other_server: {
    message:
      "The registry {registry} takes its tokens from {realm}, and would not take a credential of {server}.",
    mend: "Leave --server and BERTH_SERVER out, or name the server that the registry names. Whoever runs the registry sets its realm to Berth's public URL and /v2/auth.",
  },
  registry_not_registered: {
    message: "Berth at {server} does not know the registry {registry}, which calls itself {service}.",
    mend: "Whoever runs Berth registers it:\n  registries:\n    - service: {service}\nor gives the registry the service name that Berth knows.",
  },
  server_unresolved: {
    message: "There is no host {host}.",
    mend: "Check the server's URL, and that the runner's DNS knows the name.",
  },
  server_unreachable: {
    message: "{server} {fault}.",
    mend: "Check the URL, the runner's network and its proxy settings. Berth may be restarting: run the job again.",
  },
  proxy_refused: {
    message: "The proxy {proxy} lets nothing through to {server}.",
    mend: "Allow the host there, give HTTPS_PROXY the right user and password, or put the host into NO_PROXY.",
  },
  proxy_unsupported: {
    message: "{server} {fault}. HTTPS_PROXY names the proxy {proxy}, which this Node ({node}) cannot use.",
    mend: "Use Node 24.5 or later (or 22.21), or put the host into NO_PROXY if it can be reached directly.",
  },
  certificate_untrusted: {
    message: "{server} shows a certificate of a CA that this machine does not trust.",
    mend: "If Berth is under a private CA, name the CA's PEM file with BERTH_CA_FILE (or NODE_EXTRA_CA_CERTS). Never switch verification off.",
  },
  certificate_wrong_name: {
    message: "{server} shows a certificate for another name.",
    mend: "Use the name that the certificate has, or give the server one for this name.",
  },
  certificate_dates: {
    message: "{server} shows a certificate that has expired, or is not valid yet.",
    mend: "Have it renewed. If it is good elsewhere, this machine's clock is wrong: it says {now}.",
  },
  server_not_tls: {
    message: "{server} does not speak TLS at that address.",
    mend: "Check the port: https is 443, unless the operator says otherwise.",
  },
  ca_file_unreadable: {
    message: "BERTH_CA_FILE names a file that cannot be read: {file}.",
    mend: "Check the path, and that the job's user may read it; it holds CA certificates as PEM.",
  },
  server_redirects: {
    message: "{server} points elsewhere ({location}): an identity token is never sent after a redirect.",
    mend: "Write Berth's public URL as the operator has it, with its path prefix if there is one.",
  },
  server_answer_unexpected: {
    message: "What answered at {server} is not Berth: status {status}, and not its kind of answer.",
    mend: "Check the URL, its path prefix, and the proxies in between.",
  },
  server_unavailable: {
    message: "Berth at {server} cannot answer at the moment: {told}",
    mend: "Nothing was handed out, and the client has tried for {seconds} s. Run the job again later. Request id for whoever runs Berth: {request}.",
  },
  rate_limited: {
    message: "Berth at {server} has had too many requests from here.",
    mend: "Start fewer jobs at once, or ask whoever runs Berth for a higher limit. The client has tried for {seconds} s.",
  },
} as const satisfies ProblemTexts;
