/** Random bytes of the runtime's cryptographic generator. */
export function webRandom(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
