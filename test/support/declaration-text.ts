import { parseDeclaration } from "../../src/config/declaration-file.ts";
import type { DeclarationFile } from "../../src/config/declaration-source.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { PUBLIC_URL } from "./baseline.ts";

/** Not a certificate: its form alone is looked at. */
export const CA = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
/** The files that a declaration may name. */
const FILES: Readonly<Record<string, string>> = {
  "ca.pem": CA,
  "key.pem": "PRIVATE KEY",
  "empty.pem": "",
};

/** A valid declaration file, line by line as the tests count them. */
export const DECLARATION = `revision: 3
issuers:
  - url: https://issuer.example.com
    audiences: [https://berth.example.com, other]
    ca_file: ca.pem
    private_network: true
registries:
  - service: registry.example.com
    url: https://registry.example.com
    token: x5c
namespaces:
  - name: acme
    robots:
      - name: builder
        permissions:
          - { repository: acme/*, role: write }
        rules:
          - issuer: https://issuer.example.com
            subject: repo:acme/app:ref:refs/heads/main
            audience: other
            claims:
              repository_id: 4711
            permissions:
              - { registry: registry.example.com, repository: acme/app, role: read }
`;

/** A file of that name, which may name those of FILES. */
export function aFile(text: string, name = "f"): DeclarationFile {
  return {
    name,
    text,
    readFile: (path) => {
      const content = FILES[path];
      if (content === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      return content;
    },
  };
}

export function parseText(text: string) {
  return parseDeclaration([aFile(text)], { defaults: { publicUrl: PUBLIC_URL } });
}

/** `DECLARATION` with one piece of its text replaced. */
export function changedText(from: string, to: string): string {
  if (DECLARATION.split(from).length !== 2) throw new Error(`not once in the declaration: ${from}`);
  return DECLARATION.replace(from, () => to);
}

/** What is wrong with `text`, as it is printed for a file `f`. */
export function problemsOf(text: string): readonly string[] {
  const parsed = parseText(text);
  return parsed.ok ? [] : parsed.error.map((problem) => formatProblem(problem.file, problem));
}
