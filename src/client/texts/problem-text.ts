/** What is told of a problem. `{name}` stands for a fact; docs/troubleshooting.md has the same text. */
interface ProblemText {
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What to do about it; several lines where it is something to copy. */
  readonly mend: string;
}

export type ProblemTexts = Readonly<Record<string, ProblemText>>;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** A fact by each name that stands in a text. Lines: each is on a line of its own. */
export type FactsOf<Text extends ProblemText> = Readonly<
  Record<NamesIn<Text["message"]> | NamesIn<Text["mend"]>, Fact>
>;

export type Fact = string | Lines;

/** Several lines of the client's own making; what they hold of others has been through `plain`. */
interface Lines {
  readonly lines: readonly string[];
}
