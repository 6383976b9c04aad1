/** `answer`, unless it takes longer: then what `onTime` makes is thrown, and the answer is let go. */
export async function within<T>(answer: Promise<T>, milliseconds: number, onTime: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTime()), Math.max(milliseconds, 0));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
