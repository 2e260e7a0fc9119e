export { createOrderIntake } from './bullmq-intake.ts'
export { createOrderQueue } from './bullmq-queue.ts'
export type { QueueLocation } from './queue-location.ts'
