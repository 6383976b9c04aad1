import { expect, it } from "vitest";
import { portOfRequest } from "./port-of-request.ts";

class Greeter {
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
  }
  async greet(word: string): Promise<string> {
    return `${word}, ${this.#name}`;
  }
}

it("calls the port that is found at each call, with its own this", async () => {
  const names = ["one", "two"];
  const port = portOfRequest(async () => new Greeter(names.shift() ?? ""));
  await expect(port.greet("hello")).resolves.toBe("hello, one");
  await expect(port.greet("hello")).resolves.toBe("hello, two");
});

it("fails as the search does, and calls nothing that is no method", async () => {
  const none = portOfRequest<Greeter>(() => Promise.reject(new Error("no connection")));
  await expect(none.greet("hello")).rejects.toThrow("no connection");
  const empty = portOfRequest<Greeter>(async () => ({}) as Greeter);
  await expect(empty.greet("hello")).rejects.toThrow("a port has no method greet");
});
