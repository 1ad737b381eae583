import type { Json } from '../../types.ts';
import { type Content, empty } from '../chat-message.ts';
import { GraphError } from '../errors.ts';
import type { BusinessNumber } from '../number.ts';
import type { Composed, Reader } from './composed.ts';
import { list, needText, object } from './fields.ts';
import { fileOf } from './media.ts';

export const readTemplate: Reader = async (given, { number }) => {
  const name = needText(given, 'name', 512);
  const code = needText(object(given, 'language'), 'code', 20);
  const template = number.account.templates.find(known => known.name === name && known.language === code);
  if (!template) {
    throw new GraphError(404, 132001, '(#132001) Template name does not exist in the translation', {
      details: `template name (${name}) does not exist in ${code}`,
    });
  }
  const components = list(given, 'components');
  const parameters = (type: string) =>
    components.filter(component => component.type === type).flatMap(component => list(component, 'parameters'));
  const body = parameters('body').map(parameter => ({
    text: wordsOf(parameter),
    ...(typeof parameter.parameter_name === 'string' ? { name: parameter.parameter_name } : {}),
  }));
  const choices = template.quickReplies.map((title, index) => ({ id: payloadOf(components, index) ?? title, title }));
  const header = await readHeader(parameters('header')[0], number);
  return { content: { ...empty, ...header.content, text: template.fill(body), choices }, failure: header.failure };
};

/** A parameter as the phone shows it: money and times by their fallback. */
function wordsOf(parameter: Json): string {
  const words = parameter.type === 'text' ? parameter.text : object(parameter, String(parameter.type)).fallback_value;
  return String(words ?? '');
}

/** What a press of the button sends back; its title, where the sender names nothing. */
function payloadOf(components: Json[], index: number): string | undefined {
  const button = components.find(
    component =>
      component.type === 'button' && component.sub_type === 'quick_reply' && Number(component.index) === index,
  );
  const payload = button && list(button, 'parameters')[0]?.payload;
  return payload === undefined ? undefined : String(payload);
}

async function readHeader(
  parameter: Json | undefined,
  number: BusinessNumber,
): Promise<{ content: Pick<Content, 'media'>; failure?: Composed['failure'] }> {
  const type = parameter?.type;
  if (!parameter || (type !== 'image' && type !== 'video' && type !== 'document')) return { content: {} };
  const { media, failure } = await fileOf(object(parameter, type), type, number);
  return { content: media ? { media } : {}, failure };
}
