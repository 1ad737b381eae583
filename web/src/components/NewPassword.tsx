import { PasswordInput, type PasswordInputProps } from '@mantine/core';

const shortestPassword = 10;

export function checkPassword(value: string): string | null {
  return value.length < shortestPassword ? `Ten characters or more; ${value.length} so far.` : null;
}

export function NewPassword(props: PasswordInputProps) {
  return (
    <PasswordInput
      label="Password"
      description="Ten characters or more. A few words in a row are easy to keep in mind."
      autoComplete="new-password"
      required
      {...props}
    />
  );
}
