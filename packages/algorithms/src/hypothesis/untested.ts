/**
 * Why there is no test of several samples:
 *
 * - `group_count`: there are not as many samples as are compared
 * - `too_few_values`: too few values to say how far they vary
 * - `no_variance`: no sample varies, so that the statistic would be a difference over 0
 * - `too_large`: squared deviations are too large for a double
 */
export type Untested = 'group_count' | 'too_few_values' | 'no_variance' | 'too_large'
