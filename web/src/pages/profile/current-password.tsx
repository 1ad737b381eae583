import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** Asked for before what protects the account is changed. */
export function CurrentPassword(props: PasswordInputProps) {
  return <PasswordInput label="Your password" autoComplete="current-password" required {...props} />;
}
