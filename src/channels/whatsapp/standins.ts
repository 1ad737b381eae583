import { parseJson, toJson } from '../../kit/json.ts';
import { type Dict, dict, id, list, number, text } from '../../kit/read.ts';
import { troubleOf } from './attachments.ts';

/** Readable words for what no inbox has a form for. */

export function orderText(order: Dict): string {
  return lines('An order:', ...list(order.product_items).map(itemText), text(order.text));
}

function itemText(value: unknown): string {
  const item = dict(value) ?? {};
  const price = number(item.item_price);
  const each = price === undefined ? '' : ` at ${price} ${text(item.currency) ?? ''}`.trimEnd();
  return `– ${number(item.quantity) ?? 1} × ${id(item.product_retailer_id) ?? 'unknown product'}${each}`;
}

/** A form that the customer filled in (a flow, an address form). Its answers are JSON in a string, and not always. */
export function formText(reply: Dict): string {
  const response = text(reply.response_json);
  const answers = answersOf(response);
  const body = text(reply.body);
  const title = lines('A form filled in:', body === 'Sent' ? undefined : body);
  if (answers === undefined) return lines(title, response ?? body ?? 'without answers');
  const given = Object.entries(answers).filter(([name]) => name !== 'flow_token');
  return lines(
    title,
    ...given.map(([name, value]) => `– ${name}: ${typeof value === 'string' ? value : toJson(value)}`),
  );
}

function answersOf(response: string | undefined): Dict | undefined {
  if (response === undefined) return undefined;
  try {
    return dict(parseJson(response));
  } catch {
    return undefined; // Shown as it came.
  }
}

export function callPermissionText(reply: Dict): string {
  if (reply.response === 'accept') return 'The customer allows you to call them on WhatsApp.';
  return 'The customer does not allow you to call them on WhatsApp.';
}

/** For a message of a kind that WhatsApp does not hand on, or that this version does not know. */
export function unknownText(message: Dict): string {
  const kind = text(dict(message.unsupported)?.type) ?? text(message.type);
  const named =
    kind === undefined || kind === 'unsupported' || kind === 'unknown' ? '' : ` (${kind.replaceAll('_', ' ')})`;
  const trouble = troubleOf(message);
  return `A WhatsApp message that cannot be shown here${named}.${trouble === undefined ? '' : ` WhatsApp says: ${trouble}`}`;
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join('\n');
}
