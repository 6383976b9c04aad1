import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPrivateCertificates } from "../../support/private-certificates.ts";

/** Files of a certificate for 127.0.0.1 and of the private CA that signed it. */
export interface ServerCertificate {
  readonly caPem: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** A company's own CA, and one certificate of it for every server of this machine. */
export async function writeServerCertificate(folder: string): Promise<ServerCertificate> {
  const { caPem, cert, key } = await createPrivateCertificates({ dns: ["localhost"], ip: ["127.0.0.1"] });
  const write = (name: string, pem: string) => {
    const file = join(folder, name);
    writeFileSync(file, pem, { mode: 0o600 });
    return file;
  };
  return {
    caPem,
    caFile: write("private-ca.pem", caPem),
    certFile: write("server.pem", cert),
    keyFile: write("server-key.pem", key),
  };
}
