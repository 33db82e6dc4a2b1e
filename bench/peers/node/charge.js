// POST /mock/balance: adds to a wallet.
import { lockWallet, transaction, writeCharge } from './database.js'
import { Refusal } from './refusal.js'
import { asShown, userId } from './shapes.js'

const MOST = 1_000_000_000 // a charge, in minor units
const MOST_BALANCE = 100_000_000_000

export const schema = {
  body: {
    type: 'object',
    required: ['userId', 'balance'],
    properties: { userId, balance: { type: 'number', exclusiveMinimum: 0 } }
  },
  response: {
    200: {
      type: 'object',
      properties: { userId: {}, name: { type: 'string' }, balance: { type: 'number' } }
    }
  }
}

function parseAmount (points) {
  const minor = Math.round(points * 100)
  if (minor / 100 !== points || minor > MOST) {
    throw new Refusal(400, 'INVALID_REQUEST', 'not an amount')
  }
  return minor
}

async function add (client, user, amount) {
  const [, locked] = await Promise.all([
    client.query('BEGIN'),
    client.query(lockWallet([user, amount]))
  ])
  const wallet = locked.rows[0]
  if (!wallet) throw new Refusal(404, 'USER_NOT_FOUND', 'no such user')
  if (wallet.repeated) throw new Refusal(409, 'DUPLICATE_REQUEST', 'the same charge just before')
  if (wallet.balance + amount > MOST_BALANCE) {
    throw new Refusal(409, 'BALANCE_LIMIT', 'a wallet holds no more')
  }
  const [written] = await Promise.all([
    client.query(writeCharge([user, amount])),
    client.query('COMMIT')
  ])
  return { name: wallet.name, balance: written.rows[0].balance_after }
}

export function charge (pool) {
  return async (request) => {
    const user = String(request.body.userId)
    const amount = parseAmount(request.body.balance)
    const { name, balance } = await transaction(pool, (client) => add(client, user, amount))
    return { userId: asShown(user), name, balance: balance / 100 }
  }
}
