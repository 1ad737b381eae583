import type { FastifyPluginAsync } from 'fastify';
import { notFound } from '../features/shared/problem.ts';
import type { MediaStore } from '../relay/media.ts';

/** Types that a browser may show by itself; everything else is a download. */
const harmless = /^(image\/(jpeg|png|gif|webp)|audio\/|video\/|application\/pdf$)/;

/** Attachments under signed links that expire: for vendors that fetch, and for people who were sent a link. */
export function mediaLinks(media: MediaStore): FastifyPluginAsync {
  return async app => {
    app.get<{ Params: { workspace: string; id: string; ticket: string } }>(
      '/media/:workspace/:id/:ticket/*',
      { schema: { hide: true } },
      async (request, reply) => {
        const { workspace, id, ticket } = request.params;
        const stored = media.verifyLink(workspace, id, ticket) ? await media.open(workspace, id) : undefined;
        if (!stored) throw notFound('attachment, or the link has expired');
        const show = harmless.test(stored.mime) ? 'inline' : 'attachment';
        return reply
          .headers({
            'content-type': stored.mime,
            'content-disposition': `${show}; filename*=UTF-8''${encodeURIComponent(stored.name)}`,
            'cache-control': 'private, max-age=3600',
            'cross-origin-resource-policy': 'cross-origin',
            'content-security-policy': "default-src 'none'; sandbox",
          })
          .send(Buffer.from(stored.bytes));
      },
    );
  };
}
