const ERRORS = 'userErrors { code field message }';

/** The documents that tests send again and again. */
export const REGISTER = `mutation($input: RegisterForEventInput!) {
  registerForEvent(input: $input) { registration { id state pool waitlistPosition name } ${ERRORS} } }`;
export const CANCEL = `mutation($input: CancelRegistrationInput!) {
  cancelRegistration(input: $input) { registration { id state } ${ERRORS} } }`;
export const PROMOTE = `mutation($input: PromoteFromWaitlistInput!) {
  promoteFromWaitlist(input: $input) { registration { id state } ${ERRORS} } }`;
export const CHECK_IN = `mutation($input: CheckInInput!) {
  checkIn(input: $input) { registration { id state walkIn attendance attendanceBasis checkedInAt } notice ${ERRORS} } }`;
export const ADD_WALK_IN = `mutation($input: AddWalkInInput!) {
  addWalkIn(input: $input) { registration { id name state pool walkIn attendance attendanceBasis checkedInAt } notice ${ERRORS} } }`;
export const UPLOAD_CHECK_INS = `mutation($input: UploadCheckInsInput!) {
  uploadCheckIns(input: $input) { results { nonce code message notice registration { id checkedInAt attendance } } ${ERRORS} } }`;
export const UNDO_CHECK_IN = `mutation($input: UndoCheckInInput!) {
  undoCheckIn(input: $input) { registration { id state attendance } ${ERRORS} } }`;
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
const REGISTRATION = `registration { id state pool partySize offeredUntil stillComingAt } ${ERRORS}`;
export const ACCEPT = `mutation($input: AcceptOfferInput!) { acceptOffer(input: $input) { ${REGISTRATION} } }`;
export const SWITCH = `mutation($input: SwitchPoolInput!) { switchPool(input: $input) { ${REGISTRATION} } }`;
export const COMING = `mutation($input: RegistrationInput!) { confirmComing(input: $input) { ${REGISTRATION} } }`;
export const ANSWER = `mutation($input: UpdateAnswersInput!) { updateAnswers(input: $input) { ${REGISTRATION} } }`;
export const ROTATE = `mutation($input: RegistrationInput!) { rotateManageLink(input: $input) { ${REGISTRATION} } }`;
export const APPROVE = `mutation($input: ApproveRegistrationInput!) { approveRegistration(input: $input) { ${REGISTRATION} } }`;
export const REFUSE = `mutation($input: RefuseRegistrationInput!) { refuseRegistration(input: $input) { ${REGISTRATION} } }`;
