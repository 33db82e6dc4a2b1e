// What a caller is told who can't have what was asked for.
export class Refusal extends Error {
  constructor (status, code, detail) {
    super(detail)
    this.statusCode = status
    this.code = code
  }
}

export function answerRefusal (error, request, reply) {
  const status = error.statusCode ?? 500
  if (status >= 500) request.log.error(error)
  reply.code(status).send({
    responseResult: 'FAIL',
    status,
    code: error instanceof Refusal ? error.code : status < 500 ? 'INVALID_REQUEST' : 'INTERNAL',
    detail: status < 500 ? error.message : 'something went wrong'
  })
}
