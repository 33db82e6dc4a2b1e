// The pool, the statements, and how a transaction runs.
import { readFileSync } from 'node:fs'
import pg from 'pg'

const INT8 = 20
const TIMESTAMP = 1114

// Ids and minor units stay below 2^53.
pg.types.setTypeParser(INT8, Number)
// UTC without a zone; an answer shows a time as seven numbers.
pg.types.setTypeParser(TIMESTAMP, (text) => {
  const [year, month, day, hour, minute, second, fraction = ''] = text.split(/[-: .]/)
  return [+year, +month, +day, +hour, +minute, +second, +fraction.padEnd(9, '0')]
})

// A named statement is prepared once on each connection.
function statement (name) {
  const text = readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8')
  return (values) => ({ name, text, values })
}

export const whoBooks = statement('who_books')
export const lockSeats = statement('lock_seats')
export const writeBooking = statement('write_booking')
export const lockWallet = statement('lock_wallet')
export const writeCharge = statement('write_charge')

export const UNIQUE_VIOLATION = '23505'

export function makePool (connectionString, max) {
  // Queries that need no answer in between share a round trip.
  return new pg.Pool({ connectionString, max, min: max, pipeline: true })
}

// Runs work(client), which sends BEGIN with its first queries and COMMIT behind its last ones.
export async function transaction (pool, work) {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    await client.query('ROLLBACK').then(() => client.release(), (lost) => client.release(lost))
    throw error
  }
}
