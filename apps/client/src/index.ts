export { runServiceCommand, type ServiceCommand } from './command.ts'
export { exitCodes } from './exit-codes.ts'
export { createLogger, type LoggerOptions } from './logger.ts'
export { clientOf, executorOf, type Running, runClient } from './run-client.ts'
