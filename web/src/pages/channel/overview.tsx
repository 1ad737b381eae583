import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../api/client.ts';
import { adaptersQuery } from '../../api/queries.ts';
import { Copyable } from '../../components/CopyButton.tsx';
import { Facts } from '../../components/Facts.tsx';
import { Health } from '../../components/Health.tsx';
import { ButtonLink, TextLink } from '../../components/Links.tsx';
import { WebhookAddress } from '../../components/WebhookAddress.tsx';
import { When } from '../../components/When.tsx';
import { useIsAdmin } from '../../session.ts';

export function Overview({ channel }: { channel: Schemas['ChannelDetail'] }) {
  const isAdmin = useIsAdmin();
  const adapters = useQuery(adaptersQuery);
  const adapter = adapters.data?.channels.find(({ id }) => id === channel.kind);
  const ill = channel.switchedOff || channel.status === 'disconnected';
  return (
    <>
      <Health
        subject="channels"
        of={channel}
        actions={
          ill &&
          isAdmin && (
            <ButtonLink
              size="xs"
              to="/channels/$channelId"
              params={{ channelId: channel.id }}
              search={{ tab: 'settings' }}
            >
              {channel.switchedOff ? 'Switch on' : 'Reconnect'}
            </ButtonLink>
          )
        }
      />
      <section className="card" aria-label="About this channel">
        <Facts
          of={[
            ['Provider', adapter?.label ?? channel.kind],
            ['Technical name', <Copyable key="name" value={channel.name} what="name" />],
            ['Identity', <Copyable key="identity" value={channel.identity} what="identity" />],
            ['Paused until', channel.pausedUntil && <When key="paused" at={channel.pausedUntil} />],
            ['Webhook address', <WebhookAddress key="url" url={channel.webhookUrl} />],
            ['Added', <When key="created" at={channel.createdAt} />],
            ['Id', <Copyable key="id" value={channel.id} what="channel id" />],
            [
              'Conversations',
              <TextLink key="conversations" to="/conversations" search={{ channelId: channel.id }}>
                Show those of this channel
              </TextLink>,
            ],
          ]}
        />
      </section>
    </>
  );
}
