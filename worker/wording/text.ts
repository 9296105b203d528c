import { INVISIBLE } from '../plan/unseen.ts';

/**
 * A text as it is looked through: letters as plain ones, small, without what cannot be seen, and without what is put between the letters of a word so
 * that nobody finds it (傻*逼, f.u.c.k). Stops among Chinese letters are the Chinese ones. Each unit of it knows where it stood in the original.
 */
export type Folded = {
  text: string;
  /** For each UTF-16 unit of `text`, where its letter begins and ends in the original. */
  from: readonly number[];
  to: readonly number[];
};

/**
 * Letters and what is read for them, in pairs: the traditional ones of the phrases, in Taiwan, Hong Kong and Macau, and of Cantonese those that say
 * what another letter says (唔 is 不).
 */
const TRADITIONAL =
  '著着丟丢並并乾干佈布佔占併并來来侷局係是俬私倆俩個个們们偵侦偽伪備备傢家傳传債债傷伤傾倾僅仅僕仆僞伪僱雇價价儀仪儂侬億亿儘尽償偿兒儿內内兩两冊册凈净凍冻別别則则剛刚剝剥剮剐剷铲劃划勁劲動动務务勢势匯汇區区協协卹恤卽即厲厉參参叄叁員员唄呗唸念問问啓启啟启喚唤喪丧喫吃單单嗎吗嘔呕嘗尝嘰叽噁恶噴喷噹当嚇吓嚐尝嚮向嚴严囉啰囑嘱國国園园圓圆團团埰采執执堅坚報报場场塊块塗涂墊垫墰坛墻墙壇坛壓压壜坛壞坏壯壮夠够夢梦夥伙奬奖婦妇媽妈嬤嬷孃娘孫孙學学寀采實实寧宁審审寫写寬宽寶宝將将專专尋寻對对導导屍尸層层屬属嵗岁嶽岳師师帳帐帶带幣币幫帮幷并幹干幾几庫库廠厂廢废廣广弔吊張张強强彆别彔录彙汇後后徑径從从復复徹彻恥耻惡恶愛爱態态慘惨慫怂慮虑慼戚憂忧憑凭應应懶懒戀恋戇戆戰战戲戏戶户拚拼捨舍捱挨掃扫掄抡掙挣掛挂採采揚扬換换搧扇搵找搶抢摺折撐撑撥拨撫抚撲扑擇择擔担據据擡抬擬拟擱搁擺摆擾扰攢攒攤摊敎教敗败敵敌數数斃毙斬斩斷断於于昇升時时曉晓曏向曬晒書书會会朮术東东査查桿杆條条棄弃棟栋業业極极榦干構构樑梁樓楼標标樣样樹树橋桥機机橫横檔档檢检檯台欄栏權权歲岁歸归殘残殺杀殻壳殼壳毀毁氣气汙污決决沒没沖冲況况洩泄淨净減减測测湊凑準准滅灭滙汇滾滚滿满漢汉潑泼潤润潰溃濟济濫滥濺溅灑洒為为烏乌無无煩烦熱热燒烧燙烫營营燬毁爛烂爭争爲为爺爷牆墙牴抵牽牵犢犊狀状獃呆獄狱獎奖獸兽現现瑪玛環环產产産产畢毕當当痠酸瘋疯療疗癟瘪癡痴癥症癱瘫發发盜盗盡尽監监盪荡眞真睏困睜睁確确碼码磚砖禍祸禮礼種种稱称積积窩窝窮穷竊窃筆笔箇个節节簽签籤签糞粪糰团糾纠紀纪約约紅红納纳紙纸級级紛纷紮扎細细終终組组結结絕绝絡络給给統统絲丝絶绝綁绑經经綫线維维網网緊紧線线緝缉緣缘編编緻致縊缢縱纵總总繩绳繫系繳缴繼继續续纍累纔才罈坛罎坛罰罚罵骂罷罢羅罗羈羁羣群義义翫玩聞闻聯联聰聪聲声職职聽听脅胁脈脉脩修脫脱腎肾腦脑腳脚腸肠膩腻膽胆臉脸臟脏臥卧臺台與与興兴舉举舖铺舘馆萬万葯药蒐搜蓆席蔘参蕩荡藥药處处號号蟲虫衊蔑術术衕同衝冲裏里補补裝装裡里製制複复褲裤襬摆覈核見见規规視视親亲覺觉觸触計计訊讯討讨訓训託托記记訟讼訪访設设許许訴诉診诊註注証证詐诈評评詛诅詢询試试話话該该認认誣诬誤误說说説说誰谁課课調调談谈請请諒谅論论諮咨諾诺謂谓謊谎講讲謝谢謹谨證证識识譭毁議议譴谴護护讀读變变讓让豬猪負负財财貨货責责貳贰貴贵買买貸贷費费貼贴資资賊贼賠赔賣卖賤贱質质賬账賴赖賺赚贏赢趕赶踰逾蹤踪車车軌轨軍军較较輔辅輕轻輩辈轄辖轉转轟轰辦办辭辞農农迴回逕径這这連连週周進进遊游過过達达違违遠远遲迟遷迁選选遺遗還还邊边郵邮鄉乡鄰邻醜丑醫医釋释釦扣鈡钟銀银銬铐銷销銹锈鋤锄鋪铺鋸锯錄录錘锤錢钱錯错録录錶表鍋锅鍬锹鍾钟鎖锁鎚锤鏇旋鏟铲鏽锈鐘钟鐵铁鑊镬鑼锣長长門门閃闪閉闭開开閑闲閒闲間间閣阁閤合閨闺閹阉閻阎闆板關关陞升陸陆陽阳隊队隨随險险隱隐隻只雙双雜杂雞鸡離离難难電电鞦秋韆千響响頁页頂顶順顺須须預预頓顿領领頭头頻频題题額额顏颜顔颜願愿類类顧顾颱台飛飞飯饭養养餓饿餘余館馆餬糊餵喂饒饶馬马駁驳駕驾駡骂騎骑騙骗騰腾騷骚驢驴骯肮髒脏體体髮发鬆松鬚须鬧闹鬮阄鬱郁魚鱼鮮鲜鯊鲨鱉鳖鳥鸟鷄鸡麪面麫面麵面麼么麽么點点黨党齊齐齣出齪龊齷龌龜龟唔不冇没嘅的俾给畀给哋们佢他嚟来咗了揾找喺在睇看啲些妳你睺看瞓睡諗想乜什翻返甚什';

const SIMPLE = new Map<string, string>();
for (let i = 0; i + 1 < TRADITIONAL.length; i += 2) SIMPLE.set(TRADITIONAL[i] ?? '', TRADITIONAL[i + 1] ?? '');

/** Chinese letters as they are read in {@link folded}: for phrases, which are written in any of them. */
export const simplified = (text: string): string => [...text].map((char) => SIMPLE.get(char) ?? char).join('');

/** In a Chinese text read as its own stop. */
const STOPS = new Map([',，', '!！', '?？', ';；', ':：'].map(([plain = '', stop = '']) => [plain.charCodeAt(0), stop.charCodeAt(0)]));
const QUOTE_MARKS = new Map([
  ['’', "'"],
  ['‘', "'"],
  ['`', "'"],
]);

/** Letters of other scripts that look like Latin ones, small, in pairs: among those they are read as these. */
const LOOKALIKES = new Map(
  [
    'аa',
    'еe',
    'оo',
    'рp',
    'сc',
    'уy',
    'хx',
    'іi',
    'јj',
    'ѕs',
    'һh',
    'ԁd',
    'ԛq',
    'ԝw',
    'кk',
    'тt',
    'мm',
    'нh',
    'вb',
    'αa',
    'εe',
    'ιi',
    'κk',
    'νv',
    'οo',
    'ρp',
    'τt',
    'υu',
    'χx',
    'ıi',
    'ɡg',
  ].map(([other = '', latin = '']) => [other, latin]),
);

/** What has no shape of its own: marks on letters and rings around them, too. */
const UNSEEN = new RegExp(`${INVISIBLE.source}|[\\p{Mn}\\p{Me}]`, 'u');
const HAN = /\p{Script=Han}/u;
/** What is put between the letters of a word; and what of it stands there several at a time: two dashes are a stop. */
const BETWEEN = new Set([...' \t*·・•._~-—|/\\+^#@\u2800'].map((char) => char.charCodeAt(0)));
const [DASH, MOST_BETWEEN] = [0x2014, 8];
const [SPACE, TAB, STAR, LOW_LINE] = [32, 9, 42, 95];

type Letter = { code: number; isHan: boolean };

/** What a letter or a stop is read as, none where it cannot be seen. */
function plainly(char: string): Letter[] {
  if (UNSEEN.test(char)) return [];
  return [...char.normalize('NFKD').toLowerCase()].flatMap((plain) => {
    const letter = SIMPLE.get(plain) ?? QUOTE_MARKS.get(plain) ?? LOOKALIKES.get(plain) ?? plain;
    return UNSEEN.test(letter) ? [] : [{ code: letter.codePointAt(0) ?? 0, isHan: HAN.test(letter) }];
  });
}

/** Stops that stand in every Chinese text: read once. */
const COMMON = new Map([...'，。、！？；：（）“”‘’《》「」…—～　'].map((char) => [char, plainly(char)]));

const SIMPLE_CODES = new Map(Array.from(SIMPLE, ([char, simple]) => [char.codePointAt(0) ?? 0, simple.codePointAt(0) ?? 0]));

/** Letters by their code points, as they are read, and where each stood; by numbers, as there are many. */
type Letters = { codes: number[]; isHan: boolean[]; from: number[]; to: number[] };

function lettersOf(original: string): Letters {
  const letters: Letters = { codes: [], isHan: [], from: [], to: [] };
  let at = 0;
  let end = 0;
  const add = (code: number, isHan: boolean) => {
    letters.codes.push(code);
    letters.isHan.push(isHan);
    letters.from.push(at);
    letters.to.push(end);
  };
  for (; at < original.length; at = end) {
    const code = original.codePointAt(at) ?? 0;
    end = at + (code > 0xffff ? 2 : 1);
    if (code <= 0x7f) add(code >= 65 && code <= 90 ? code + 32 : code, false);
    else if (code >= 0x4e00 && code <= 0x9fff) add(SIMPLE_CODES.get(code) ?? code, true);
    else {
      const char = String.fromCodePoint(code);
      for (const { code, isHan } of COMMON.get(char) ?? plainly(char)) add(code, isHan);
    }
  }
  return letters;
}

/** Folds a text: see {@link Folded}. */
export function folded(original: string): Folded {
  const letters = lettersOf(original);
  const { codes, isHan } = letters;
  const [units, from, to]: [number[], number[], number[]] = [[], [], []];
  const hidden = parting(letters);
  const add = (unit: number, at: number) => {
    units.push(unit);
    from.push(letters.from[at] ?? 0);
    to.push(letters.to[at] ?? 0);
  };
  for (let at = 0; at < codes.length; at += 1) {
    let code = codes[at] ?? 0;
    if (isHan[at] !== true) {
      if (hidden.has(at) || (BETWEEN.has(code) && isInside(letters, at))) continue;
      if (code === TAB) code = SPACE;
      if (code === SPACE && units.at(-1) === SPACE) continue;
      if (isHan[at - 1] || isHan[at + 1]) code = STOPS.get(code) ?? code;
    }
    if (code > 0xffff) {
      const pair = String.fromCodePoint(code);
      add(pair.charCodeAt(0), at);
      add(pair.charCodeAt(1), at);
    } else add(code, at);
  }
  let text = '';
  for (let at = 0; at < units.length; at += AT_ONCE) text += String.fromCharCode(...units.slice(at, at + AT_ONCE));
  return { text, from, to };
}

/** So many units become a text at once: arguments of one call. */
const AT_ONCE = 4_096;

const isLatin = (code = 0) => code >= 97 && code <= 122;

/** Whether what stands at `i` parts the letters of one word: two Chinese ones, or single Latin letters one after the other; or is laid around a Latin word (**so**, _so_). */
function isInside({ codes, isHan }: Letters, i: number): boolean {
  const beside = (step: number) => {
    let at = i + step;
    for (let n = 1; n < MOST_BETWEEN && codes[at] !== DASH && BETWEEN.has(codes[at] ?? 0); n += 1) at += step;
    return at;
  };
  if (codes[i] === DASH ? isHan[i - 1] && isHan[i + 1] : isHan[beside(-1)] && isHan[beside(1)]) return true;
  const isLetter = (at: number) => isLatin(codes[at]);
  if (codes[i] === STAR || codes[i] === LOW_LINE) {
    const [around, before, after] = [codes[i], codes[i - 1], codes[i + 1]];
    if (isLatin(before === around ? codes[i - 2] : before) !== isLatin(after === around ? codes[i + 2] : after)) return true;
  }
  if (!isLetter(i - 1) || !isLetter(i + 1) || codes[i] === SPACE) return false;
  const isAlone = (at: number) => !isLetter(at - 1) && !isLetter(at + 1);
  return isAlone(i - 1) && isAlone(i + 1) && (BETWEEN.has(codes[i - 2] ?? 0) || BETWEEN.has(codes[i + 2] ?? 0));
}

/** So many Chinese letters in a row, each by itself, are one word that is not to be found: 打，断，你，的，腿. The same one again and again is none. */
const LEAST_ALONE = 3;

/** Where stops, signs and ends of lines stand that part such letters. */
function parting({ codes, isHan }: Letters): ReadonlySet<number> {
  const all = new Set<number>();
  let [alone, between]: [number[], number[]] = [[], []];
  /** Where the last Chinese letter stands, and what has come since. */
  let since: number[] = [];
  const end = (last: number[]) => {
    if (alone.length >= LEAST_ALONE && new Set(alone).size > 1) for (const at of [...between, ...last]) all.add(at);
    [alone, between] = [[], []];
  };
  codes.forEach((code, at) => {
    if (!isHan[at]) {
      since.push(at);
      if (isLatin(code) || (code >= 48 && code <= 57) || since.length > MOST_BETWEEN) {
        end([]);
        since = [];
      }
      return;
    }
    const isAlone = !isHan[at - 1] && !isHan[at + 1];
    if (isAlone) {
      alone.push(code);
      between.push(...since);
    } else end(since);
    since = [];
  });
  end([]);
  return all;
}
