/**
 * Distinct vectors up to which `auto` compares every pair. To be settled by `npm run bench neighbors`.
 */
export const EXACT_LIMIT = 100_000;
