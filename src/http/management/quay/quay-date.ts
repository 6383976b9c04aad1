/** RFC 5322 §3.3 as Quay writes it, with `-0000` for UTC: `Fri, 10 May 2024 17:46:02 -0000`. */
export function quayDate(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toUTCString().replace("GMT", "-0000");
}
