// usage: node server.js PORT URL PROCESSES CONNECTIONS
// Serves the booking and the charge from PROCESSES processes that share CONNECTIONS to PostgreSQL.
import cluster from 'node:cluster'
import Fastify from 'fastify'
import * as booking from './booking.js'
import * as charge from './charge.js'
import { makePool } from './database.js'
import { answerRefusal } from './refusal.js'

const [port, url, processes, connections] = process.argv.slice(2)

async function serve () {
  const pool = makePool(url, Math.max(1, Math.floor(connections / processes)))
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, allowUnionTypes: true } } })
  app.setErrorHandler(answerRefusal)
  app.post('/mock/booking', { schema: booking.schema }, booking.book(pool))
  app.post('/mock/balance', { schema: charge.schema }, charge.charge(pool))
  app.get('/readyz', async () => {
    await pool.query('SELECT 1')
    return { ready: true }
  })
  process.on('SIGTERM', async () => {
    await app.close()
    await pool.end()
    process.exit(0)
  })
  await app.listen({ host: '127.0.0.1', port: Number(port) })
}

if (Number(processes) > 1 && cluster.isPrimary) {
  for (let n = 0; n < Number(processes); ++n) cluster.fork()
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM')
  })
} else {
  await serve()
}
