import Fastify from 'fastify';
import { answerAsRole } from '../role.ts';

/** A route that takes the same bytes and stores nothing: as fast as Fastify answers on this machine. */
const app = Fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/hooks/:address', async (_request, reply) => reply.code(200).send(''));
const url = await app.listen({ host: '127.0.0.1', port: 0 });

const commands = { hook: () => ({ url: `${url}/hooks/bench`, headers: {} }) };
export type BareCommands = typeof commands;
answerAsRole(commands, () => app.close());
