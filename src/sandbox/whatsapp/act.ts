import type { Delivery, Json } from '../types.ts';
import type { WhatsAppAct } from './types.ts';

/** What was told and has been posted, or will be once the batch around it ends. */
export interface Letter {
  delivery?: Delivery;
}

export function actOf(messageId: string, message: Json, letter: Letter): WhatsAppAct {
  return {
    messageId,
    message,
    get delivery() {
      if (!letter.delivery) throw new Error('The batch is not posted yet.');
      return letter.delivery;
    },
  };
}
