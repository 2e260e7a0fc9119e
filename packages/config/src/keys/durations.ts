export const DAY_S = 24 * 60 * 60
