/**
 * Distinct vectors up to which `auto` compares every pair. Measured with `npm run bench -- neighbors` (256 dimensions,
 * two cores, CPU seconds exact / hnsw): 10,000 0.9 / 7.5; 50,000 10.6 / 72.5. Exact grows with the square, hnsw with
 * about the power 1.3, so they meet near 700,000 in CPU time and later on the clock, as hnswlib-node uses one core.
 * Below that exact is faster, complete and needs less memory.
 */
export const EXACT_LIMIT = 400_000;
