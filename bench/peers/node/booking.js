// POST /mock/booking: holds seats for a user who was admitted.
import { lockSeats, transaction, UNIQUE_VIOLATION, whoBooks, writeBooking } from './database.js'
import { Refusal } from './refusal.js'
import { asShown, dateTime, userId } from './shapes.js'

const MOST_SEATS = 10
const TOKEN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const schema = {
  body: {
    type: 'object',
    required: ['userId', 'concertOptionId', 'seats'],
    properties: {
      userId,
      concertOptionId: { type: 'integer', minimum: 1 },
      seats: { type: 'string', pattern: '^[A-Z]+_[1-9][0-9]{0,8}(,[A-Z]+_[1-9][0-9]{0,8})*$' }
    }
  },
  response: {
    200: {
      type: 'object',
      properties: {
        responseResult: { type: 'string' },
        bookingId: { type: 'integer' },
        bookingStatus: { type: 'string' },
        bookingTime: dateTime,
        user: {
          type: 'object',
          properties: { userId: {}, name: { type: 'string' }, balance: { type: 'number' } }
        },
        concert: {
          type: 'object',
          properties: {
            concertId: { type: 'integer' },
            concertOptionId: { type: 'integer' },
            name: { type: 'string' },
            date: dateTime,
            seats: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  seatId: { type: 'integer' },
                  section: { type: 'string' },
                  seatNumber: { type: 'integer' },
                  price: { type: 'number' },
                  reserved: { type: 'boolean' }
                }
              }
            }
          }
        }
      }
    }
  }
}

function parseSeats (text) {
  const names = text.split(',')
  if (names.length > MOST_SEATS) throw new Refusal(400, 'INVALID_REQUEST', 'too many seats')
  if (new Set(names).size < names.length) throw new Refusal(400, 'INVALID_REQUEST', 'a seat twice')
  const parts = names.map((name) => name.split('_'))
  return { sections: parts.map(([s]) => s), numbers: parts.map(([, n]) => Number(n)) }
}

function checkBuyer (found, user) {
  if (!found) throw new Refusal(404, 'CONCERT_OPTION_NOT_FOUND', 'no such performance')
  if (found.user_id !== user || !found.of_concert) {
    throw new Refusal(403, 'QUEUE_TOKEN_INVALID', 'the token is not this user\'s for this concert')
  }
  if (!found.admitted) throw new Refusal(403, 'QUEUE_TOKEN_WAITING', 'not admitted')
  if (!found.on_sale) throw new Refusal(403, 'SALE_NOT_OPEN', 'the sale is not open')
}

function checkSeats (seats, wanted) {
  if (seats.length < wanted) throw new Refusal(404, 'SEAT_NOT_FOUND', 'no such seat')
  const taken = seats.filter((s) => s.is_reserved)
  if (taken.length > 0) {
    throw new Refusal(409, 'SEAT_ALREADY_RESERVED',
      'taken: ' + taken.map((s) => `${s.section}_${s.seat_number}`).join(','))
  }
}

async function hold (client, { option, user, token, sections, numbers }) {
  const [, buyers, locked] = await Promise.all([
    client.query('BEGIN'),
    client.query(whoBooks([option, token])),
    client.query(lockSeats([option, sections, numbers]))
  ])
  const buyer = buyers.rows[0]
  const seats = locked.rows
  checkBuyer(buyer, user)
  checkSeats(seats, sections.length)
  const total = seats.reduce((sum, s) => sum + s.price, 0)
  const [written] = await Promise.all([
    client.query(writeBooking([option, buyer.concert_id, user, token, total,
      seats.map((s) => s.seat_id), seats.map((s) => s.price)])),
    client.query('COMMIT')
  ])
  return { buyer, seats, booking: written.rows[0] }
}

export function book (pool) {
  return async (request) => {
    const token = request.headers['queue-token']
    if (!token) throw new Refusal(401, 'QUEUE_TOKEN_MISSING', 'Queue-Token is missing')
    if (!TOKEN.test(token)) throw new Refusal(403, 'QUEUE_TOKEN_INVALID', 'that is no token')
    const wish = {
      option: request.body.concertOptionId,
      user: String(request.body.userId),
      token,
      ...parseSeats(request.body.seats)
    }
    const { buyer, seats, booking } = await transaction(pool, (client) => hold(client, wish))
      .catch((error) => {
        if (error.code !== UNIQUE_VIOLATION) throw error
        throw new Refusal(409, 'SEAT_ALREADY_RESERVED', 'a seat was taken meanwhile')
      })
    return {
      responseResult: 'SUCCESS',
      bookingId: booking.booking_id,
      bookingStatus: 'PENDING',
      bookingTime: booking.created_at,
      user: { userId: asShown(wish.user), name: buyer.user_name, balance: buyer.balance / 100 },
      concert: {
        concertId: buyer.concert_id,
        concertOptionId: wish.option,
        name: buyer.concert_name,
        date: buyer.starts_at,
        seats: seats.map((s) => ({
          seatId: s.seat_id,
          section: s.section,
          seatNumber: s.seat_number,
          price: s.price / 100,
          reserved: true
        }))
      }
    }
  }
}
