import type { Json } from '../../types.ts';
import { type Content, empty } from '../chat-message.ts';
import { badValue, missing } from '../errors.ts';
import { counts, lengths } from '../limits.ts';
import type { Composed, Reader } from './composed.ts';
import { list, needText, object, text } from './fields.ts';
import { fileOf } from './media.ts';

/** The kinds of interactive message, and whether a body must stand in them. */
const kinds: Record<string, { body: boolean; choices(action: Json): Content['choices'] }> = {
  button: { body: true, choices: buttonsOf },
  list: { body: true, choices: rowsOf },
  cta_url: { body: true, choices: () => [] },
  product: { body: false, choices: () => [] },
  product_list: { body: true, choices: () => [] },
  catalog_message: { body: true, choices: () => [] },
  flow: { body: true, choices: () => [] },
  location_request_message: { body: true, choices: () => [] },
  address_message: { body: true, choices: () => [] },
  call_permission_request: { body: false, choices: () => [] },
};

export const readInteractive: Reader = async (given, { number }) => {
  const kind = kinds[String(given.type).toLowerCase()];
  if (!kind) throw badValue(`interactive['type'] ${given.type} is unknown`);
  const body = object(given, 'body');
  const words = kind.body
    ? needText(body, 'text', lengths.interactiveBody)
    : text(body, 'text', lengths.interactiveBody);
  text(object(given, 'footer'), 'text', lengths.footer);
  if (given.action === undefined) throw missing('action');
  const choices = kind.choices(object(given, 'action'));
  const header = await readHeader(object(given, 'header'), number);
  return { content: { ...empty, ...header.content, text: words ?? '', choices }, failure: header.failure };
};

async function readHeader(
  header: Json,
  number: Parameters<typeof fileOf>[2],
): Promise<{ content: Pick<Content, 'media'>; failure?: Composed['failure'] }> {
  const type = header.type;
  if (type === undefined) return { content: {} };
  if (type === 'text') needText(header, 'text', lengths.header);
  if (type !== 'image' && type !== 'video' && type !== 'document') return { content: {} };
  const { media, failure } = await fileOf(object(header, type), type, number);
  return { content: media ? { media } : {}, failure };
}

function buttonsOf(action: Json): Content['choices'] {
  const buttons = list(action, 'buttons').map(button => object(button, 'reply'));
  if (buttons.length === 0 || buttons.length > counts.buttons)
    throw badValue('Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3');
  return unique(
    buttons.map(reply => ({
      id: needText(reply, 'id', lengths.buttonId),
      title: needText(reply, 'title', lengths.buttonTitle),
    })),
  );
}

function rowsOf(action: Json): Content['choices'] {
  needText(action, 'button', lengths.listButton);
  const sections = list(action, 'sections');
  if (sections.length === 0 || sections.length > counts.sections) throw badValue('Invalid sections count');
  const rows = sections.flatMap(section => {
    const title = sections.length > 1 ? needText : text;
    title(section, 'title', lengths.sectionTitle);
    return list(section, 'rows');
  });
  if (rows.length === 0 || rows.length > counts.rows) throw badValue('Total row count exceed max allowed count: 10');
  return unique(
    rows.map(row => {
      const description = text(row, 'description', lengths.rowDescription);
      return {
        id: needText(row, 'id', lengths.rowId),
        title: needText(row, 'title', lengths.rowTitle),
        ...(description === undefined ? {} : { description }),
      };
    }),
  );
}

function unique(choices: Content['choices']): Content['choices'] {
  if (new Set(choices.map(({ id }) => id)).size < choices.length) throw badValue('Duplicate ids among the choices');
  return choices;
}
