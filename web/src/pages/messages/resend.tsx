import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api, type Schemas } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { Confirm } from '../../components/Confirm.tsx';

/** Sends one failed message again, after saying what that may mean. */
export function Resend({ message, children }: { message: Schemas['Message']; children(open: () => void): ReactNode }) {
  const [opened, setOpened] = useState(false);
  const resend = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/messages/{id}/resend', { params: { path: { id: message.id } } })),
    onSuccess: () => {
      setOpened(false);
      notifications.show({ message: 'It is on its way again.' });
      return refreshMessages();
    },
  });
  return (
    <>
      {children(() => setOpened(true))}
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title="Send it again?"
        action="Send again"
        onConfirm={() => resend.mutate()}
        pending={resend.isPending}
        error={resend.error}
      >
        <Text size="sm">
          It goes to the end of its conversation.
          {message.status === 'unconfirmed' && ' It may have arrived the first time: the customer may get it twice.'}
        </Text>
      </Confirm>
    </>
  );
}

export function refreshMessages() {
  return Promise.all(
    ['message', 'messages', 'conversation', 'conversations'].map(key =>
      queryClient.invalidateQueries({ queryKey: [key] }),
    ),
  );
}
