import { readFileSync } from "node:fs";

/** How often the files are read; a watch on a folder misses the symbolic links that Kubernetes swaps. */
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

/**
 * Calls `onChange` whenever the files hold another pair than the last that it took, `current` at first; what it
 * throws goes to `onFault`, as does a file that cannot be read, at each look until it is mended. Returns what ends
 * it.
 */
export function watchCertificate(
  files: CertificateFiles,
  current: CertificatePair,
  onChange: (pair: CertificatePair) => void,
  onFault: (fault: unknown) => void,
): () => void {
  let taken = current;
  const look = () => {
    try {
      const pair = readCertificate(files);
      if (pair.cert === taken.cert && pair.key === taken.key) return;
      onChange(pair);
      taken = pair;
    } catch (fault) {
      // Half-written: the next look sees the whole.
      onFault(fault);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
