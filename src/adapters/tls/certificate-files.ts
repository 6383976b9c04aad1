import { readFileSync, unwatchFile, watchFile } from "node:fs";

/** How often the files are looked at; a watch on a folder misses the symbolic links that Kubernetes swaps. */
const LOOK_EVERY_MS = 5000;

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export function readCertificate({ certFile, keyFile }: CertificateFiles): CertificatePair {
  return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
}

/** Calls `onChange` with the new pair whenever a file has changed. Returns what ends it. */
export function watchCertificate(
  files: CertificateFiles,
  onChange: (pair: CertificatePair) => void,
  onFault: (fault: unknown) => void,
  lookEveryMs = LOOK_EVERY_MS,
): () => void {
  const look = () => {
    try {
      onChange(readCertificate(files));
    } catch (fault) {
      // Half-written: the next look sees the whole.
      onFault(fault);
    }
  };
  const paths = [files.certFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval: lookEveryMs, persistent: false }, look);
  return () => {
    for (const path of paths) unwatchFile(path, look);
  };
}
