import { Group } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { Brand } from './Brand.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

/** The frame of the pages before the door. */
export function Outside() {
  return (
    <div className="outside">
      <Group justify="space-between" component="header">
        <Brand />
        <ThemeSwitch />
      </Group>
      <main className="card">
        <Outlet />
      </main>
    </div>
  );
}
