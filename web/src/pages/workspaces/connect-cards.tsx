import { Badge, Button, Group, Menu, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { ChevronDownIcon, PlusIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { adaptersQuery } from '../../api/queries.ts';
import { ButtonLink } from '../../components/Links.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ErrorNotice, Loading } from '../../components/States.tsx';

/** Announced, and shown as coming until their adapter is there. */
const coming = [{ id: 'hubspot', label: 'HubSpot', summary: 'Customers’ messages arrive in the HubSpot inbox.' }];

export function ConnectCards() {
  const adapters = useQuery(adaptersQuery);
  if (adapters.isPending) return <Loading />;
  if (adapters.error) return <ErrorNotice error={adapters.error} retry={() => void adapters.refetch()} />;
  const { platforms } = adapters.data;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {platforms.map(platform => (
        <section key={platform.id} className="card">
          <Stack gap="sm" h="100%">
            <Group wrap="nowrap">
              <Mark label={platform.label} />
              <Title order={2}>{platform.label}</Title>
            </Group>
            <Text size="sm" style={{ flex: 1 }}>
              {platform.summary}
            </Text>
            <ButtonLink to="/workspaces/connect/$platform" params={{ platform: platform.id }}>
              Connect {platform.label}
            </ButtonLink>
          </Stack>
        </section>
      ))}
      {coming
        .filter(({ id }) => !platforms.some(platform => platform.id === id))
        .map(({ id, label, summary }) => (
          <section key={id} className="card">
            <Group wrap="nowrap" mb="sm">
              <Mark label={label} />
              <Title order={2}>{label}</Title>
              <Badge variant="light" color="gray">
                Coming
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {summary}
            </Text>
          </section>
        ))}
    </SimpleGrid>
  );
}

/** The same choice where workspaces are there already. */
export function ConnectMenu() {
  const adapters = useQuery(adaptersQuery);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<PlusIcon />} rightSection={<ChevronDownIcon />}>
          Connect a workspace
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {adapters.data?.platforms.map(({ id, label }) => (
          <Menu.Item key={id} component={Link} to={`/workspaces/connect/${id}`}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
