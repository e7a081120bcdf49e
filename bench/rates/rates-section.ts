/** The section on rates of `docs/benchmarks.md`, from what `bench/rates` measured last. */
export async function ratesSection(_folder: string): Promise<readonly string[]> {
  return [];
}
