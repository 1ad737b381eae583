import { parseDocument } from 'htmlparser2';

/** What an answer to an incoming message has Twilio text back. */
export interface Reply {
  body: string;
  mediaUrls: string[];
}

type Node = ReturnType<typeof parseDocument>['children'][number];
type Element = Extract<Node, { name: string; children: unknown }>;

/**
 * Reads the answer to an incoming message. TwiML is obeyed, plain text is texted to the customer as it stands, and nothing
 * is nothing; `problem` says, with its code, what Twilio's debugger would say of anything else.
 * @see https://www.twilio.com/docs/messaging/twiml
 */
export function readAnswer(answer: { type: string; body: string }): { replies: Reply[]; problem?: string } {
  const body = answer.body.trim();
  const [type = ''] = answer.type.split(';');
  if (body === '') return { replies: [] };
  switch (type.trim().toLowerCase()) {
    case 'text/plain':
      return { replies: [{ body, mediaUrls: [] }] };
    case 'text/xml':
    case 'application/xml':
      return readTwiml(body);
    default:
      return { replies: [], problem: `12300 Invalid Content-Type: ${type || 'none'}` };
  }
}

function readTwiml(xml: string): { replies: Reply[]; problem?: string } {
  const [root, ...more] = elements(parseDocument(xml, { xmlMode: true }).children);
  if (root?.name !== 'Response' || more.length > 0) {
    return { replies: [], problem: `12102 The root element must be Response, not ${root?.name ?? 'none'}` };
  }
  const verbs = elements(root.children);
  const replies = verbs.filter(({ name }) => name === 'Message' || name === 'Sms').map(readMessage);
  const unknown = verbs.find(({ name }) => !['Message', 'Sms', 'Redirect'].includes(name));
  return { replies, ...(unknown ? { problem: `14110 Invalid Verb for SMS Reply: ${unknown.name}` } : {}) };
}

/** The words stand in `<Body>`, or directly in the message. */
function readMessage(message: Element): Reply {
  const inside = elements(message.children);
  const body = inside.find(({ name }) => name === 'Body') ?? message;
  return { body: words(body), mediaUrls: inside.filter(({ name }) => name === 'Media').map(words) };
}

function words(element: Element): string {
  return element.children
    .map(child => ('data' in child && child.type === 'text' ? child.data : ''))
    .join('')
    .trim();
}

function elements(nodes: readonly Node[]): Element[] {
  return nodes.filter((node): node is Element => node.type === 'tag');
}
