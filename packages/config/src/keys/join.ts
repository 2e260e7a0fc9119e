import { flag, httpUrl, optionalText, secret } from '../key/kinds.ts'

/** Which network the process belongs to. */
export const join = {
  first: flag({ default: true, about: 'the first node of a network; a client never is' }),
  url: httpUrl('otherwise: the URL of a node of the network, one in mode node'),
  fingerprint: optionalText("that node's fingerprint, read over the telephone"),
  enrolment_token: secret('token for one enrolment, from the operator of the node'),
} as const
