/** How an operator lets others in: `node.admission`. */
export type Admission = 'project-token' | 'enrolment-token' | 'approval'
