/** Variables of the command line alone. A server leaves them be, so that one shell may have both. */
export const CLIENT_VARIABLES = {
  BERTH_SERVER:
    "The public URL of the server to ask; `--server` goes before it. Not set: the store that the settings of this host name.",
  BERTH_TOKEN: "The API token to show to it.",
  BERTH_TOKEN_FILE:
    "A file that holds it, which nobody else may read (mode 0600). Not set: `~/.config/berth/token`, as strictly.",
  BERTH_CA_FILE: "PEM file of CAs to trust besides the system's, for a server under a private one.",
} as const;

/** Variables of what runs inside a CI job. A server leaves them be, too: it may be the job's own. */
export const JOB_VARIABLES = {
  BERTH_ROBOT: "The robot account; `--robot` goes before it.",
  BERTH_AUDIENCE: "The audience of identity tokens for BERTH_SERVER, where it is not that URL.",
  BERTH_IDENTITY_TOKEN: "The identity token, where the platform is none that `berth` knows.",
  BERTH_IDENTITY_TOKEN_FILE:
    "A file that holds it; `-` is standard input. `--identity-token-file` goes before it.",
} as const;
