// Forms that more than one call shares.
export const userId = { type: ['string', 'integer'], pattern: '^[A-Za-z0-9_.@-]{1,64}$' }
export const dateTime = { type: 'array', items: { type: 'integer' } }

const CANONICAL = /^(0|[1-9][0-9]{0,15})$/

// A user whose name is a number is shown as one.
export function asShown (user) {
  return CANONICAL.test(user) && Number.isSafeInteger(Number(user)) ? Number(user) : user
}
