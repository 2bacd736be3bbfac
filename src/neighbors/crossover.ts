/**
 * Distinct vectors up to which `auto` compares every pair: four times the largest size measured. CPU seconds of exact and
 * hnsw by `npm run bench -- neighbors` (256 dimensions, two cores): 10,000 0.9 and 7.5; 25,000 3.9 and 31; 50,000 10.6 and
 * 73; 100,000 45 and 191. Exact grows with the square, hnsw with the power 1.3: they meet near 800,000, and later on the
 * clock, as hnswlib-node uses one core. Below that exact is faster, complete and needs less memory.
 */
export const EXACT_LIMIT = 400_000;
