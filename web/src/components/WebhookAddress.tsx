import { Code, Text } from '@mantine/core';
import { useIsAdmin } from '../session.ts';
import { Copyable } from './CopyButton.tsx';
import { Notice } from './States.tsx';

/** Where the other side is to post; or why there is no address yet, and how to get one. */
export function WebhookAddress({ url }: { url: string | null }) {
  const isAdmin = useIsAdmin();
  if (url) return <Copyable value={url} what="webhook address" />;
  if (!isAdmin) return <Text size="sm">Shown to admins only: whoever knows it could post in the provider’s name.</Text>;
  return (
    <Notice tone="warn" title="This server has no public address">
      Providers post messages to an address that they can reach from the Internet. Set <Code>PUBLIC_URL</Code> to the
      one that leads here, for example <Code>https://octopods.example.com</Code>, restart the server, and reconnect. On
      your own machine a tunnel gives you one.
    </Notice>
  );
}
