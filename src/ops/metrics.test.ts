import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const idle = async () => ({ waiting: 0, oldestSeconds: 0 });

test('what the path reports is counted by adapter, outcome, direction and status', async () => {
  const metrics = createMetrics(idle);
  metrics.path.webhook('telegram', 'accepted');
  metrics.path.webhook('telegram', 'accepted');
  metrics.path.webhook('telegram', 'rejected');
  metrics.path.message('outbound', 'delivered');
  metrics.path.attempt('intercom', 'rate_limited');
  const { body, contentType } = await metrics.scrape();
  expect(contentType).toMatch(/^text\/plain/);
  expect(body.split('\n')).toEqual(
    expect.arrayContaining([
      'octopods_webhooks_total{adapter="telegram",outcome="accepted"} 2',
      'octopods_webhooks_total{adapter="telegram",outcome="rejected"} 1',
      'octopods_messages_total{direction="outbound",status="delivered"} 1',
      'octopods_attempts_total{adapter="intercom",outcome="rate_limited"} 1',
    ]),
  );
});

test('times fall into buckets of seconds', async () => {
  const metrics = createMetrics(idle);
  metrics.path.acknowledged('telegram', 0.02);
  metrics.path.delivered(90);
  const { body } = await metrics.scrape();
  expect(body).toContain('octopods_webhook_ack_seconds_bucket{le="0.01",adapter="telegram"} 0');
  expect(body).toContain('octopods_webhook_ack_seconds_bucket{le="0.025",adapter="telegram"} 1');
  expect(body).toContain('octopods_delivery_seconds_bucket{le="60"} 0');
  expect(body).toContain('octopods_delivery_seconds_bucket{le="300"} 1');
});

test('every scrape shows the lanes as they are at that moment', async () => {
  let waiting = 3;
  const metrics = createMetrics(async () => ({ waiting, oldestSeconds: waiting * 10 }));
  const lanes = async () => (await metrics.scrape()).body.split('\n').filter(line => line.startsWith('octopods_lane'));
  expect((await lanes()).sort()).toEqual(['octopods_lane_depth 3', 'octopods_lane_oldest_waiting_seconds 30']);
  waiting = 0;
  expect((await lanes()).sort()).toEqual(['octopods_lane_depth 0', 'octopods_lane_oldest_waiting_seconds 0']);
});

test('a scrape fails where the lanes cannot be read, rather than showing none', async () => {
  const metrics = createMetrics(() => Promise.reject(new Error('no database')));
  await expect(metrics.scrape()).rejects.toThrow('no database');
});
