/** Where code stands that its host writes down in another form, e.g. with escapes. Indices are UTF-16 units. */
export class Origin {
  private readonly starts: number[] = [];
  private readonly hosts: number[] = [];
  private readonly widths: number[] = [];

  /**
   * From here on the code stands at `host`: unit for unit when `width` is 1, else its next unit takes `width` of the host.
   * Called in order of `start`.
   */
  add(start: number, host: number, width = 1): void {
    this.starts.push(start);
    this.hosts.push(host);
    this.widths.push(width);
  }

  /** Where the unit at an index begins. */
  startOf(index: number): number {
    const at = this.segmentOf(index);
    return (this.hosts[at] ?? 0) + index - (this.starts[at] ?? 0);
  }

  /** Where the unit before an index ends. */
  endOf(index: number): number {
    const at = this.segmentOf(index - 1);
    return (this.hosts[at] ?? 0) + index - 1 - (this.starts[at] ?? 0) + (this.widths[at] ?? 1);
  }

  private segmentOf(index: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}
