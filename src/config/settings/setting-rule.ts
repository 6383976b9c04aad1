/** What must hold between settings. */
export interface SettingRule<Values> {
  /** The variable that the problem is told of. */
  readonly path: keyof Values & string;
  readonly error: string;
  /** Variables that must have been read before the rule can be asked; one that is wrong has its own problem. */
  readonly needs?: readonly (keyof Values & string)[];
  readonly holds: (values: Values) => boolean;
}
