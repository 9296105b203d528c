import type { Holidays } from './working-days.ts';

/**
 * Statutory holidays of mainland China as the General Office of the State Council publishes them, a year at a time, late in the year before; and where they can stand
 * before that: by 全国年节及纪念日放假办法 (2024), the days of the lunar calendar on which its feasts fell or will from 1900 to 2100, and the longest that was ever published of each.
 */
export const HOLIDAYS: Holidays = {
  years: [
    {
      year: 2025,
      source: '国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）',
      off: [
        ['2025-01-01', '2025-01-01'],
        ['2025-01-28', '2025-02-04'],
        ['2025-04-04', '2025-04-06'],
        ['2025-05-01', '2025-05-05'],
        ['2025-05-31', '2025-06-02'],
        ['2025-10-01', '2025-10-08'],
      ],
      worked: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
    },
    {
      year: 2026,
      source: '国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）',
      off: [
        ['2026-01-01', '2026-01-03'],
        ['2026-02-15', '2026-02-23'],
        ['2026-04-04', '2026-04-06'],
        ['2026-05-01', '2026-05-05'],
        ['2026-06-19', '2026-06-21'],
        ['2026-09-25', '2026-09-27'],
        ['2026-10-01', '2026-10-07'],
      ],
      worked: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
    },
  ],
  unpublished: [
    { from: '01-01', to: '01-04', weekdays: 3 },
    // Spring Festival: up to nine days on end, from the day before the eve.
    { from: '01-18', to: '03-01', weekdays: 7 },
    { from: '04-02', to: '04-08', weekdays: 3 },
    { from: '04-27', to: '05-06', weekdays: 5 },
    { from: '05-26', to: '06-28', weekdays: 3 },
    { from: '09-05', to: '09-27', weekdays: 3 },
    // National Day, with the Mid-Autumn Festival where that is near: up to eight days on end.
    { from: '09-28', to: '10-10', weekdays: 6 },
  ],
  // A day that was given once, as in September 2015, with what was laid beside it.
  elsewhere: 2,
};
