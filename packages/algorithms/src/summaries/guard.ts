/** How many records each figure that leaves a site must rest on. */
export interface Guard {
  readonly minimumCell: number
}

/** For what stays where it was computed: a fit at the site, or one on a table of one's own. */
export const unguarded: Guard = { minimumCell: 1 }
