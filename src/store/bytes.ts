/** Grows as it is written to: unsigned LEB128 integers, UTF-8 strings with their length, raw bytes. */
export class ByteWriter {
  private buffer = new Uint8Array(4096);
  private length = 0;

  /** A whole number in [0, 2^53). */
  integer(value: number): void {
    let rest = value;
    this.reserve(8);
    while (rest >= 128) {
      this.buffer[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.integer(bytes.length);
    this.bytes(bytes);
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const wider = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    wider.set(this.buffer.subarray(0, this.length));
    this.buffer = wider;
  }
}

/** Reads what `ByteWriter` wrote. Every method throws RangeError rather than read beyond the end or a bound. */
export class ByteReader {
  private at = 0;
  private readonly source: Uint8Array;

  constructor(source: Uint8Array) {
    this.source = source;
  }

  integer(most = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    for (let factor = 1, i = 0; i < 8; factor *= 128, i++) {
      const byte = this.source[this.at++];
      if (byte === undefined) throw new RangeError('it ends in the middle of a number');
      value += (byte & 127) * factor;
      if (byte >= 128) continue;
      if (value > most) throw new RangeError(`${value} where at most ${most} is possible`);
      return value;
    }
    throw new RangeError('a number is too long');
  }

  /** A count of things that take at least a byte each. */
  count(): number {
    return this.integer(this.source.length - this.at);
  }

  text(): string {
    return Buffer.from(this.bytes(this.count())).toString('utf8');
  }

  bytes(length: number): Uint8Array {
    if (this.at + length > this.source.length) throw new RangeError('it ends too early');
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.source.length - this.at);
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.at !== this.source.length) throw new RangeError('it goes on after its end');
  }
}
