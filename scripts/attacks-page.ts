import type { AttackClaim } from "./attack-claims.ts";
import type { Attack, AttackGroup } from "./attacks.ts";

/** What is wrong between the checklist and the tests: an attack without either, a tag of no attack. */
export function attackProblems(
  groups: readonly AttackGroup[],
  claims: readonly AttackClaim[],
): readonly string[] {
  const attacks = groups.flatMap((group) => group.attacks);
  const known = new Set(attacks.map(({ number }) => number));
  const claimed = new Set(claims.map(({ number }) => number));
  return [
    ...claims
      .filter(({ number }) => !known.has(number))
      .map(
        ({ file, title, number }) => `${file}: "${title}" claims attack ${number}, which is not on the list`,
      ),
    ...attacks
      .filter(({ number, note }) => !claimed.has(number) && note === undefined)
      .map(({ number, title }) => `attack ${number} (${title}) has neither a test nor a reason`),
  ];
}

const HEAD = `# Attacks

Made by \`npm run docs\` from the tests; do not edit. Each line is a known attack on a token exchange and what shows that it fails: the tests that
claim it, or why there is none. A test claims an attack by a comment, \`attack 27\`, on the line above it.
`;

/** The page docs/attacks.md. */
export function attacksPage(groups: readonly AttackGroup[], claims: readonly AttackClaim[]): string {
  const attacks = groups.flatMap((group) => group.attacks);
  const byTest = attacks.filter(({ number }) => claims.some((claim) => claim.number === number));
  const count = `${attacks.length} attacks: ${byTest.length} with a test, ${attacks.length - byTest.length} with a reason alone.\n`;
  return [HEAD, count, ...groups.map((group) => section(group, claims))].join("\n");
}

function section({ name, attacks }: AttackGroup, claims: readonly AttackClaim[]): string {
  const rows = attacks.map((attack) => row(attack, claims));
  return [`## ${name}`, "", "| # | attack | proof |", "|--:|---|---|", ...rows, ""].join("\n");
}

function row({ number, title, note }: Attack, claims: readonly AttackClaim[]): string {
  const proofs = claims
    .filter((claim) => claim.number === number)
    .map((claim) => `[${shortName(claim.file)}](../${claim.file}) “${escaped(claim.title)}”`);
  if (note !== undefined) proofs.push(proofs.length === 0 ? capital(note) : `note: ${note}`);
  return `| ${number} | ${title} | ${proofs.join("<br>")} |`;
}

function shortName(file: string): string {
  return file.replace(/^.*\//, "").replace(/(?:\.test)?\.ts$/, "");
}

/** A title within a cell of a table: as text, not as Markdown. */
function escaped(title: string): string {
  return title.replace(/[|<>*_`\\[\]]/g, (character) => `\\${character}`);
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
