import { PipewrightError } from '../../../dsl/errors/index.ts';
import { refused } from '../http/fault.ts';

const SYMBOL = /^[A-Za-z0-9^][A-Za-z0-9.^=&_-]{0,39}$/;

/** PW501 unless the text can be a symbol: it becomes part of an address. */
export function demandSymbol(symbol: string, service: string): void {
  if (SYMBOL.test(symbol)) return;
  throw new PipewrightError({
    code: 'PW501',
    message: symbol === '' ? `It is not said which symbol to ask ${service} for.` : `${JSON.stringify(symbol)} is not a symbol.`,
    fix: 'Give it in the source, as in yahoo:^GSPC, or in the parameter symbol.',
  });
}

/** PW502 when a service tells of another symbol than the one that was asked for. */
export function demandSameSymbol(asked: string, told: string, service: string): void {
  if (asked.toUpperCase() === told.toUpperCase()) return;
  throw refused(`${service} was asked for ${asked} and answered for ${JSON.stringify(told.slice(0, 40))}`, 'Symbols differ from service to service: look the symbol up there.');
}
