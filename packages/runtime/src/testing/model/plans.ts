import type { ModelPlan } from './scheduler-model.ts'

/** Plans of three jobs, or four, on two clients that between them have every kind of barrier. */
export const modelPlans: Readonly<Record<string, ModelPlan>> = {
  'two, then one': {
    maxAttempts: 2,
    jobs: [
      { doer: 0, feeds: 0 },
      { doer: 1, feeds: 0 },
      { doer: 0, waitsFor: 0 },
    ],
    barriers: [{ needed: 2, patient: false }],
  },
  'one of two, then one': {
    maxAttempts: 2,
    jobs: [
      { doer: 0, feeds: 0 },
      { doer: 1, feeds: 0 },
      { doer: 0, waitsFor: 0 },
    ],
    barriers: [{ needed: 1, patient: false }],
  },
  'one of two by a deadline, then one': {
    maxAttempts: 2,
    jobs: [
      { doer: 0, feeds: 0 },
      { doer: 1, feeds: 0 },
      { doer: 1, waitsFor: 0 },
    ],
    barriers: [{ needed: 1, patient: true }],
  },
  'one of two, the second after another job of its own, then one': secondAfterAnother(false),
  'one of two by a deadline, the second after another job of its own, then one': secondAfterAnother(true),
  'one after the other, each by a deadline': {
    maxAttempts: 2,
    jobs: [
      { doer: 0, feeds: 0 },
      { doer: 1, waitsFor: 0, feeds: 1 },
      { doer: 0, waitsFor: 1 },
    ],
    barriers: [
      { needed: 1, patient: true },
      { needed: 1, patient: true },
    ],
  },
}

/** @param patient whether the one that is not needed has until a deadline */
function secondAfterAnother(patient: boolean): ModelPlan {
  return {
    maxAttempts: 1,
    jobs: [
      { doer: 1, feeds: 0 },
      { doer: 0, feeds: 1 },
      { doer: 1, waitsFor: 0, feeds: 1 },
      { doer: 0, waitsFor: 1 },
    ],
    barriers: [
      { needed: 1, patient: false },
      { needed: 1, patient },
    ],
  }
}
