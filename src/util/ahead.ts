/** Runs `work` on up to `width` items ahead of the consumer; results come in the order of the items. */
export async function* ahead<T, R>(items: AsyncIterable<T> | Iterable<T>, width: number, work: (item: T) => Promise<R>): AsyncGenerator<R, void, undefined> {
  const running: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // one that fails before its turn is reported in its turn
    result.catch(() => undefined);
    running.push(result);
    const first = running.length >= width ? running.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const result of running) yield await result;
}
