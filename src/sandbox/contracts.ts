import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IntercomContract } from './intercom/contract.ts';
import { TelegramContract } from './telegram/contract.ts';
import { TwilioContract } from './twilio/contract.ts';
import { WhatsAppContract } from './whatsapp/contract.ts';

/** The vendors' own descriptions of their APIs, ready to check against. */
export interface Contracts {
  telegram: TelegramContract;
  intercom: IntercomContract;
  twilio: TwilioContract;
  whatsapp: WhatsAppContract;
}

/** Reads the contracts from a folder laid out as {@link SandboxOptions.contractsDir} says. */
export async function loadContracts(folder: string): Promise<Contracts> {
  const read = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), 'utf8'));
  return {
    telegram: new TelegramContract(await read('telegram', 'api.json')),
    intercom: await IntercomContract.load(await read('intercom', 'intercom-openapi-2.14.trimmed.json')),
    twilio: await TwilioContract.load({
      'api.twilio.com': await read('twilio', 'twilio_api_v2010.trimmed.json'),
      'messaging.twilio.com': await read('twilio', 'twilio_messaging_v1.trimmed.json'),
    }),
    whatsapp: new WhatsAppContract(join(folder, 'whatsapp', 'business-messaging-api_v23.0.yaml')),
  };
}
