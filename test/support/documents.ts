const ERRORS = 'userErrors { code field message }';

/** The documents that tests send again and again. */
export const REGISTER = `mutation($input: RegisterForEventInput!) {
  registerForEvent(input: $input) { registration { id state pool waitlistPosition name } ${ERRORS} } }`;
export const CANCEL = `mutation($input: CancelRegistrationInput!) {
  cancelRegistration(input: $input) { registration { id state } ${ERRORS} } }`;
export const PROMOTE = `mutation($input: PromoteFromWaitlistInput!) {
  promoteFromWaitlist(input: $input) { registration { id state } ${ERRORS} } }`;
export const CHECK_IN = `mutation($input: CheckInInput!) {
  checkIn(input: $input) { registration { id attendance attendanceBasis checkedInAt } ${ERRORS} } }`;
export const UNDO_CHECK_IN = `mutation($input: UndoCheckInInput!) {
  undoCheckIn(input: $input) { registration { id attendance } ${ERRORS} } }`;
export const CREATE_EVENT = `mutation($input: CreateEventInput!) {
  createEvent(input: $input) { event { id slug state startsAt endsAt timeZone sequence } ${ERRORS} } }`;
export const UPDATE_EVENT = `mutation($input: UpdateEventInput!) {
  updateEvent(input: $input) { event { id title startsAt sequence pools { pool capacity taken waiting } } ${ERRORS} } }`;
export const PUBLISH_EVENT = `mutation($input: EventIdInput!) { publishEvent(input: $input) { event { id state } ${ERRORS} } }`;
export const CANCEL_EVENT = `mutation($input: CancelEventInput!) { cancelEvent(input: $input) { event { id state sequence } ${ERRORS} } }`;
export const FINISH_EVENT = `mutation($input: EventIdInput!) { finishEvent(input: $input) { event { id state finishedAt } ${ERRORS} } }`;
export const CREATE_SERIES = `mutation($input: CreateSeriesInput!) {
  createSeries(input: $input) { series { id slug kind events(first: 100) { nodes { slug startsAt startsAtLocal state } } } ${ERRORS} } }`;
export const UPDATE_SERIES = `mutation($input: UpdateSeriesInput!) { updateSeries(input: $input) { series { id title } ${ERRORS} } }`;
export const BLOCK = `mutation($input: BlockPersonInput!) { blockPerson(input: $input) { group { id } ${ERRORS} } }`;
