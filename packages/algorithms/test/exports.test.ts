import { expect, it } from 'vitest'
import * as algorithms from '../src/index.ts'

it('the package exports these values and no others', () => {
  expect(Object.keys(algorithms).sort()).toMatchInlineSnapshot(`
    [
      "LEAF",
      "MAX_MAGNITUDE",
      "ModelFileError",
      "accuracy",
      "assertFrame",
      "classificationMetrics",
      "codesOf",
      "compareLabels",
      "confusionMatrix",
      "countSummary",
      "createFrame",
      "createRandom",
      "decodeModel",
      "decodeTensors",
      "defaultRandomForestParams",
      "deriveRandom",
      "encodeLabels",
      "encodeModel",
      "encodeTensors",
      "evaluateForest",
      "f1",
      "fitRandomForestClassifier",
      "meanSummary",
      "mergeForests",
      "precision",
      "precisionRecall",
      "predict",
      "predictLabels",
      "predictProba",
      "recall",
      "resolveRandomForestParams",
      "rocAuc",
      "rocAucOneVersusRest",
      "selectColumns",
      "selectRows",
      "shuffleInPlace",
      "tensorOf",
      "trainTestSplit",
      "unionOfClasses",
    ]
  `)
})
