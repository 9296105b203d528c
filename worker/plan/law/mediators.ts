import * as z from 'zod';
import type { Spoken } from '../languages.ts';

/**
 * Organisations that mediate, by place: the installation's own list, of no lender. Each is a public one, with where it was read of; whether it takes a case, and who
 * would mediate, it says itself. An operator adds more by the setting `MEDIATORS`.
 */

/** `id` names it within the list; `contact` is a mail address or mobile number to which a link can go, where there is one; `how` says how people reach it. */
export type Organisation = { id: string; name: Spoken; place: Spoken; how: Spoken; source: Spoken; contact?: string };

const EVERYWHERE: Spoken = { zh: '全国', en: 'everywhere' };

/** By the code of a jurisdiction. */
const ORGANISATIONS: Readonly<Record<string, readonly Organisation[]>> = {
  CN: [
    {
      id: 'people',
      name: { zh: '人民调解委员会', en: 'People’s mediation committee' },
      place: EVERYWHERE,
      how: {
        zh: '向住所地的村（居）民委员会或司法所申请，也可以拨打 12348；不收费。',
        en: 'Ask the residents’ committee or justice office where you live, or call 12348; free.',
      },
      source: { zh: '人民调解法第四条、第八条、第十七条', en: 'People’s Mediation Law, arts. 4, 8 and 17' },
    },
    {
      id: 'court',
      name: { zh: '人民法院调解平台的特邀调解组织', en: 'Mediators invited by a court, on the courts’ platform' },
      place: EVERYWHERE,
      how: {
        zh: '在人民法院调解平台（tiaojie.court.gov.cn）或向有管辖权的基层人民法院申请。',
        en: 'Apply on the courts’ mediation platform (tiaojie.court.gov.cn), or at the district court.',
      },
      source: { zh: '人民法院在线调解规则（法释〔2021〕23号）', en: 'People’s Courts, Rules on Online Mediation (Fa Shi [2021] no. 23)' },
    },
    {
      id: 'financial',
      name: { zh: '中国金融消费纠纷调解网上的调解组织', en: 'Organisations of the national network for financial consumers' },
      place: EVERYWHERE,
      how: {
        zh: '在中国金融消费纠纷调解网上选择当地的金融消费纠纷调解中心。',
        en: 'Choose the financial consumers’ mediation centre of your place on the network’s site.',
      },
      source: {
        zh: '中国人民银行金融消费权益保护局介绍（新民晚报，2017年12月4日）',
        en: 'People’s Bank of China, as told in Xinmin Evening News, 4 December 2017',
      },
    },
    {
      id: 'shanghai-finance',
      name: { zh: '上海市金融消费纠纷调解中心', en: 'Shanghai Financial Consumers’ Mediation Centre' },
      place: { zh: '上海', en: 'Shanghai' },
      how: { zh: '在中国金融消费纠纷调解网上申请。', en: 'Apply on the site of the national network for financial consumers.' },
      source: { zh: '新民晚报，2017年12月4日', en: 'Xinmin Evening News, 4 December 2017' },
    },
    {
      id: 'shanghai-banking',
      name: { zh: '上海银行业保险业纠纷调解中心', en: 'Shanghai Banking and Insurance Mediation Centre' },
      place: { zh: '上海', en: 'Shanghai' },
      how: {
        zh: '由贷款机构引导或自行向中心及其调解工作分站申请。',
        en: 'Apply to the centre or one of its stations, yourself or through the lender.',
      },
      source: { zh: '金融时报，2025年3月17日', en: 'Financial News, 17 March 2025' },
    },
    {
      id: 'nanjing-banking',
      name: { zh: '江苏（南京）银行业人民调解委员会', en: 'Jiangsu (Nanjing) Banking People’s Mediation Committee' },
      place: { zh: '江苏', en: 'Jiangsu' },
      how: { zh: '向江苏省银行业协会申请。', en: 'Apply to the Jiangsu Banking Association.' },
      source: { zh: '江苏省银行业协会，2025年11月19日', en: 'Jiangsu Banking Association, 19 November 2025' },
    },
  ],
};

const Said = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(400) });

/** What an operator adds: a list of organisations, each with the code of its jurisdiction. */
export const Added = z
  .array(
    z.strictObject({
      jurisdiction: z.string().min(1).max(20),
      id: z.string().regex(/^[a-z0-9-]{1,40}$/),
      name: Said.refine(({ zh, en }) => zh.length <= 60 && en.length <= 60, { error: 'at most 60 characters' }),
      place: Said,
      how: Said,
      source: Said,
      contact: z.string().min(3).max(320).exactOptional(),
    }),
  )
  .max(500);
export type Added = z.infer<typeof Added>;

/** The list for a jurisdiction: the table's, then what the operator added; one of the operator's takes the place of the table's of the same id. */
export function organisationsIn({ code }: { code: string }, added: Added = []): Organisation[] {
  const own: Organisation[] = added.flatMap(({ jurisdiction, ...one }) => (jurisdiction === code ? [one] : []));
  const taken = new Set(own.map(({ id }) => id));
  return [...(ORGANISATIONS[code] ?? []).filter(({ id }) => !taken.has(id)), ...own];
}
