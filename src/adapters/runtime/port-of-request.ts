/**
 * A port whose calls go to the one that the running request has. Only ports whose every method returns a promise:
 * finding it may take a connection.
 */
export function portOfRequest<Port extends object>(find: () => Promise<Port>): Port {
  const methods = new Map<PropertyKey, (...args: unknown[]) => Promise<unknown>>();
  return new Proxy({} as Port, {
    get: (_, name) => {
      const known = methods.get(name);
      if (known !== undefined) return known;
      const method = async (...args: unknown[]) => {
        const port = await find();
        const member: unknown = Reflect.get(port, name);
        if (typeof member !== "function") throw new TypeError(`a port has no method ${String(name)}`);
        return member.apply(port, args);
      };
      methods.set(name, method);
      return method;
    },
  });
}
