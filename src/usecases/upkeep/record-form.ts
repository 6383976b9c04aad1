/** Where a value is not of its form, as the path to it (`rules.0.issuer`; "" is the value itself); undefined: it is. */
export type Form = (value: unknown) => string | undefined;

/** A form for each member of `T`: a member that `T` gains and nobody checks does not compile. */
type Members<T> = { readonly [Member in keyof T]-?: Form };

/** An object with the members that `members` names, and no other. */
export function object<T>(members: Members<T>, optional: readonly OptionalOf<T>[] = []): Form {
  const forms = Object.entries<Form>(members);
  const known = new Set(forms.map(([name]) => name));
  return (value) => {
    if (!isObject(value)) return "";
    const stranger = Object.keys(value).find((name) => !known.has(name));
    if (stranger !== undefined) return stranger;
    return firstMisfit(
      forms
        .filter(([name]) => value[name] !== undefined || !(optional as readonly string[]).includes(name))
        .map(([name, form]) => [name, form, value[name]]),
    );
  };
}

type OptionalOf<T> = { [Member in keyof T]-?: object extends Pick<T, Member> ? Member : never }[keyof T] &
  string;

export function list(form: Form, most = Number.POSITIVE_INFINITY): Form {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return "";
    return firstMisfit(value.map((entry, at) => [String(at), form, entry]));
  };
}

/** An object of any names, with a value of one form for each. */
export function map(form: Form): Form {
  return (value) =>
    isObject(value) ? firstMisfit(Object.entries(value).map(([name, member]) => [name, form, member])) : "";
}

/** What is of any of the forms; the path is that into the last. */
export function anyOf(...forms: readonly [Form, ...Form[]]): Form {
  return (value) => {
    let misfit: string | undefined;
    for (const form of forms) {
      misfit = form(value);
      if (misfit === undefined) return undefined;
    }
    return misfit;
  };
}

export const text: Form = (value) => misfitUnless(typeof value === "string");
export const flag: Form = (value) => misfitUnless(typeof value === "boolean");
/** A whole number from 0 on. */
export const count: Form = (value) => misfitUnless(Number.isSafeInteger(value) && Number(value) >= 0);
export const anything: Form = () => undefined;

export function textLike(test: (value: string) => boolean): Form {
  return (value) => misfitUnless(typeof value === "string" && test(value));
}

export function oneOf(...values: readonly unknown[]): Form {
  return (value) => misfitUnless(values.includes(value));
}

function misfitUnless(fits: boolean): string | undefined {
  return fits ? undefined : "";
}

function firstMisfit(members: readonly (readonly [string, Form, unknown])[]): string | undefined {
  for (const [name, form, value] of members) {
    const inside = form(value);
    if (inside !== undefined) return inside === "" ? name : `${name}.${inside}`;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
