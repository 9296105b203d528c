import type { MailWay } from '../carriers.ts';
import type { Message } from './message.ts';
import type { Way } from './outcome.ts';
import { cloudflareMail, mailApi } from './services.ts';
import { smtp } from './smtp.ts';

/** The way by which mail leaves, as the settings say. @param origin where the portal is, by whose name a mail server is greeted */
export function mailBy(mail: MailWay, origin: string): Way<Message> {
  if (mail.by === 'cloudflare') return cloudflareMail(mail);
  return mail.by === 'smtp' ? smtp(mail, new URL(origin).hostname) : mailApi(mail);
}
