export { isMeasured } from '../../summaries/moments.ts'
