import { CommanderError } from 'commander';
import type { Issue } from '../../dsl/errors/index.ts';

/** Commander's words for a wrong call in ours: what is wrong, and what to do. Undefined when help or the version was asked for. */
export function issueOfUsage(error: CommanderError, command: string): Issue | undefined {
  if (['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)) return undefined;
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const near = /Did you mean (?:one of )?(.+?)\?/.exec(rest.join(' '))?.[1];
  return {
    code: 'PW901',
    message: `${sentence(first)}.`,
    fix: near === undefined ? `${command} --help shows how it is called.` : `Did you mean ${near}?`,
  };
}

function sentence(text: string): string {
  const spoken = text
    .replace(/^unknown option '(.+)'$/, 'there is no option $1')
    .replace(/^unknown command '(.+)'$/, 'there is no command "$1"')
    .replace(/^missing required argument '(.+)'$/, 'the argument <$1> is missing')
    .replace(/^option '(.+)' argument missing$/, 'the option $1 needs a value')
    .replace(/^required option '(.+)' not specified$/, 'the option $1 is missing')
    .replace(/^option '(.+)' argument '(.*)' is invalid\. (.+)$/, '$1 is "$2". $3')
    .replace(/^command-argument value '(.*)' is invalid for argument '(.+)'\. (.+)$/, '<$2> is "$1". $3')
    .replace(/^too many arguments(?: for '(.+)')?\. Expected (\d+) arguments? but got (\d+)(?::? (.*))?\.?$/, 'too many words: $2 expected, $3 given')
    .replace(/\.$/, '');
  return spoken.charAt(0).toUpperCase() + spoken.slice(1);
}
