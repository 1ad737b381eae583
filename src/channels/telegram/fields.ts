import type { Dict } from '../../kit/read.ts';

/**
 * The fields of a Telegram `Message`, sorted by what they mean to us. A test holds them against the Bot API's own list,
 * so a new field is noticed.
 */

/** About the message rather than in it. */
const envelope = words(`
  message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot sender_tag
  date guest_query_id business_connection_id chat forward_origin is_topic_message is_automatic_forward reply_to_message
  external_reply quote reply_to_story reply_to_checklist_task_id reply_to_poll_option_id via_bot guest_bot_caller_user
  guest_bot_caller_chat edit_date has_protected_content is_from_offline is_paid_post media_group_id author_signature
  paid_star_count entities link_preview_options suggested_post_info effect_id caption_entities show_caption_above_media
  has_media_spoiler reply_markup
`);

/** What happened in a chat, told by Telegram and not by a person: none of it is customer text. */
const service = words(`
  new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo delete_chat_photo
  group_chat_created supergroup_chat_created channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id
  migrate_from_chat_id pinned_message successful_payment refunded_payment users_shared chat_shared gift_upgrade_sent
  connected_website write_access_allowed proximity_alert_triggered boost_added chat_background_set checklist_tasks_done
  checklist_tasks_added direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed
  forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway_completed
  managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
  suggested_post_approval_failed suggested_post_declined suggested_post_paid suggested_post_refunded
  video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited
`);

/** The field that makes a message a service message. */
export function serviceField(message: Dict): string | undefined {
  return Object.keys(message).find(name => service.has(name) && isSet(message[name]));
}

/** The field that holds what was said, whatever it is. */
export function contentField(message: Dict): string | undefined {
  return Object.keys(message).find(name => !envelope.has(name) && !service.has(name) && isSet(message[name]));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
