import { Group, Modal, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { adaptersQuery } from '../../api/queries.ts';
import { Mark } from '../../components/Mark.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/States.tsx';

/** The kinds of channels that serve this workspace's platform. */
export function ChannelTiles(props: { workspace: Schemas['WorkspaceDetail']; opened: boolean; onClose(): void }) {
  const adapters = useQuery(adaptersQuery);
  const kinds = adapters.data?.channels.filter(({ platforms }) => platforms.includes(props.workspace.platform));
  return (
    <Modal opened={props.opened} onClose={props.onClose} size="lg" title={<Text fw={650}>Add a channel</Text>}>
      {adapters.isPending && <Loading />}
      {adapters.error && <ErrorNotice error={adapters.error} retry={() => void adapters.refetch()} />}
      {kinds?.length === 0 && <Empty title="No kind of channel serves this platform yet" />}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {kinds?.map(kind => (
          <Link
            key={kind.id}
            to="/workspaces/$workspaceId/add/$kind"
            params={{ workspaceId: props.workspace.id, kind: kind.id }}
            className="card card-link"
          >
            <Group wrap="nowrap" mb={6}>
              <Mark label={kind.label} />
              <Text fw={650}>{kind.label}</Text>
            </Group>
            <Text size="sm" c="dimmed">
              {kind.summary}
            </Text>
          </Link>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
