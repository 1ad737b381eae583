import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { exactTime, relativeTime } from '../lib/time.ts';

/** How long ago, or until when; the exact time on hover and for screen readers. */
export function When({ at }: { at: string }) {
  const now = useNow();
  return (
    <Tooltip label={exactTime(at)}>
      <time dateTime={at} title={exactTime(at)}>
        {relativeTime(at, now)}
      </time>
    </Tooltip>
  );
}

/** Half a minute is fine enough for words such as "2 minutes ago". */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
