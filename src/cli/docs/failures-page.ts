import { type FailureRule, failureRules } from '../../kit/failure.ts';
import { worthTrying } from '../../relay/lanes/backoff.ts';
import { generated, table } from './markdown.ts';

const hours = worthTrying / 3_600_000;

/** docs/failures.md: what becomes of a message that a provider or platform did not take. */
export function failuresPage(): string {
  const rows = Object.entries(failureRules).map(([name, rule]) => [
    `\`${name}\``,
    whatHappens(rule),
    rule.teammate,
    rule.admin,
  ]);
  return `${generated}
# Failures

Whatever a provider or platform answers, and whatever goes wrong on the way there, is one of these classes. Each adapter’s
README says which of its vendor’s answers is which. While a message waits, those behind it in the same conversation wait too,
so that their order stays; no other conversation does.

${table(['Class', 'What happens', 'The teammate is told', 'What an admin can do'], rows)}

A failure can be **unconfirmed** besides: the request left, and no answer came, so that it may have had its effect. It is not
repeated blindly. Where the vendor can be asked it is asked first; elsewhere the message ends as \`unconfirmed\`, and whoever
wrote it is told to look.

Messages that ended as failed or unconfirmed can be sent again: \`POST /api/v1/messages/{id}/resend\`.
`;
}

function whatHappens({ retry, tries }: FailureRule): string {
  switch (retry) {
    case 'backoff':
      return tries === undefined
        ? `Tried again, at growing intervals, for up to ${hours} hours.`
        : `Tried again, at growing intervals, ${tries} times in all.`;
    case 'wait':
      return 'Waits for as long as the provider says, and is tried again.';
    case 'reconnect':
      return 'The channel or workspace turns disconnected; what waits for it goes out once it is reconnected.';
    case 'never':
      return 'Ends as failed.';
  }
}
