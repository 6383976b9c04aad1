/** The URL that a text is, if it is one. `URL.parse` came with Node 22; the bundle runs on what a job has. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
