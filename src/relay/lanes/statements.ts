/**
 * The lanes: one row a conversation, both directions in strict order. `due` is schedule and lease in one column: a claimed
 * lane is due again when its lease ends, so a worker that died is replaced without anybody noticing its death.
 */

/**
 * Claims up to $1 due lanes for $2 seconds under the token $3, each with the item at its head. `abandoned_since` tells that
 * the last holder let its lease run out: whatever it was doing may have had its effect. An item that was committed only
 * while the statement ran may be missing.
 */
export const claim = `
  with due as (
    select workspace_id, conversation_id, token, claimed_at
    from lanes
    where due <= now()
    order by due
    limit $1
    for update skip locked),
  claimed as (
    update lanes l
    set due = now() + make_interval(secs => $2), token = $3, claimed_at = now()
    from due
    where l.workspace_id = due.workspace_id and l.conversation_id = due.conversation_id
    returning l.workspace_id, l.conversation_id, l.channel_id, l.done_seq, l.attempts, l.failing_since,
              case when due.token is not null then due.claimed_at end as abandoned_since)
  select c.*, i.seq, i.kind, i.message_id, i.event
  from claimed c
  left join lateral (
    select seq, kind, message_id, event from lane_items
    where workspace_id = c.workspace_id and conversation_id = c.conversation_id and seq > c.done_seq
    order by seq limit 1) i on true`;

/** Prolongs the leases that are still ours: lane $2[i] in workspace $1[i] under token $3[i]. Sorted, as every other locker. */
export const renew = `
  update lanes l
  set due = now() + make_interval(secs => $4)
  from (select l.workspace_id, l.conversation_id
        from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as h (workspace_id, conversation_id, token)
        join lanes l on l.workspace_id = h.workspace_id and l.conversation_id = h.conversation_id and l.token = h.token
        order by l.workspace_id, l.conversation_id for update of l) held
  where l.workspace_id = held.workspace_id and l.conversation_id = held.conversation_id`;

/**
 * The fence: the item $4 counts as done only for whoever still holds the lane. No row: the lease was lost. The lane is given
 * back with it: due at once when more waits, else idle.
 */
export const finish = `
  update lanes
  set done_seq = $4, attempts = 0, failing_since = null, token = null, claimed_at = null,
      due = case when last_seq > $4 then now() else 'infinity' end
  where workspace_id = $1 and conversation_id = $2 and token = $3 and done_seq < $4
  returning last_seq > done_seq as more`;

/** The fence without progress, for writes in the middle of an item. */
export const hold = `
  select 1 from lanes where workspace_id = $1 and conversation_id = $2 and token = $3 for update`;

/** Gives the lane back as it is: due at once when anything waits in it, else idle. */
export const release = `
  update lanes
  set token = null, claimed_at = null, due = case when last_seq > done_seq then now() else 'infinity' end
  where workspace_id = $1 and conversation_id = $2 and token = $3`;

/** The head failed: the lane waits $4 seconds. Only a counted failure ($5) adds to the attempts. */
export const delay = `
  update lanes
  set token = null, claimed_at = null, due = now() + make_interval(secs => $4),
      attempts = attempts + case when $5 then 1 else 0 end,
      failing_since = case when $5 then coalesce(failing_since, now()) else failing_since end
  where workspace_id = $1 and conversation_id = $2 and token = $3`;

/**
 * The head waits for a reconnect of $4, a channel or workspace. Should that have come in the meantime, the lane is due again
 * shortly instead.
 */
export const park = `
  with live as (
    select 1 from channels c join workspaces w on w.id = c.workspace_id
    where c.id = $4 and c.status <> 'disconnected' and c.removed_at is null and w.archived_at is null
    union all
    select 1 from workspaces where id = $4 and status <> 'disconnected' and archived_at is null)
  update lanes
  set token = null, claimed_at = null,
      due = case when exists (select 1 from live) then now() + interval '1 second' else 'infinity' end,
      parked_for = case when exists (select 1 from live) then null else $4::uuid end
  where workspace_id = $1 and conversation_id = $2 and token = $3`;

/** Lanes parked in the very moment of a reconnect, when neither saw the other: whoever is connected has nothing parked. */
export const findForgotten = `
  select distinct parked_for from lanes l
  where parked_for is not null
    and (exists (select 1 from channels c join workspaces w on w.id = c.workspace_id
                 where c.id = l.parked_for and c.status = 'connected' and c.removed_at is null and w.archived_at is null)
         or exists (select 1 from workspaces where id = l.parked_for and status = 'connected' and archived_at is null))`;
