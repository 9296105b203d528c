import { AFTER_STOP } from './begins.ts';
import { type Phrase, phrases } from './phrases.ts';

/**
 * What says by itself that it does harm, or that somebody despairs, whatever stands around it: what is learned (`learned.ts`) does not take it back. Each says who does what to whom,
 * or stands alone as a clause, so that words which others use in earnest (a rubbish bin, the police, a broken leg) are none of it.
 */

/** Before and behind it there is nothing, or a stop. */
const [FROM, TO] = [AFTER_STOP, '(?=[，。！？；\\s.!?,;”"~]|$)'];
const YOU = '(?:[你您恁妳](?:们)?)';
const KIN =
  '(?:家(?:里)?人|家属|父母|爸妈|爸爸?|妈妈?|老(?:婆|公|爸|妈|板|总)|妻子|丈夫|媳妇|对象|[男女]朋友|孩子|儿子|女儿|小孩|亲(?:戚|友|属)|朋友|邻居|同事|领导|上司|主管|单位|公司|学校|老师|村(?:委会?|里|长|支书)|通讯录|(?:紧急)?联系人)';
const WILL = '(?:就|马上|立刻|立马|现在|今天|明天|今晚|这就|直接|只好|只能|会|要|将|准备|等着|一定|肯定|迟早|开始){1,3}';

const FOUL =
  '(?:畜生|畜牲|废物|垃圾|白痴|弱智|智障|脑瘫|神经病|蠢(?:货|猪|驴|蛋)|笨蛋|傻(?:子|瓜|蛋|货)|贱(?:人|货|种|骨头)|婊子|流氓|无赖|强盗|土匪|骗子|大骗子|吸血鬼|白眼狼|寄生虫|败类|杂碎|窝囊废|饭桶|草包|龟(?:儿子?|孙子?)|瘪三|穷(?:鬼|逼|光蛋)|狗腿子|走狗|赖皮狗|小人|伪君子|狗|猪)';
/** Between whom it is said to and the word; and before the word where it stands alone. */
const SO = '(?:这|那|就|都|真|全|个|种|帮|群|些|是|一|的|他妈|死|臭|狗|烂|老|大|条|头|只|纯|典型|标准|简直|分明|果然){0,5}';
const THIS = '(?:这|那|个|种|帮|群|些|的|他妈|死|臭|狗|烂|老|大|条|头|只){0,5}';

export const certainZh: Phrase[] = [
  ...certain('insult', [
    '(?:傻|煞)(?:逼|比(?![例较重赛])|笔|批(?!量)|叉|屄|缺|屌|雕|吊| ?[xb](?![a-z]))|沙(?:雕(?![塑像刻艺节展作])|逼|笔|比(?!例))|(?<![a-z\\d-])(?:nmsl|cnm|wcnm|tmd|nmd|mlgb|rnm|wdnmd|shabi)(?![a-z\\d-])|脑残|草泥马|尼玛|🖕',
    `(?:操|肏|艹|草|日|干|屌|叼|屮)(?:${YOU}|尼|泥|他)(?:个|的)?(?:妈|马|娘|老母|大爷|祖宗|先人|全家|姥姥|妹)|去(?:${YOU}|他)(?:妈|马|娘)的|${YOU}(?:妈|马|娘)(?:死了?|逼|的逼|炸了?|b(?![a-z]))${TO}|妈了?个(?:逼|巴子)|[真太](?:的)?他妈|${FROM}(?:真|你|尼)?(?:他)?妈的${TO}|${FROM}(?:操|艹|肏|滚|呸)${TO}`,
    `王八(?:蛋|羔子|犊子)|混(?:蛋|账东西)|狗(?:东西|杂种|娘养|日的|崽子|奴才)|杂种|人渣|贱(?:人|货|种)|婊子|骚货|滚(?:蛋|犊子|${YOU}妈)|滚(?:开|远点|一边去|出去)${TO}|(?:给我|${YOU})(?:快|赶紧|都)?滚${TO}|不要(?:个)?(?:逼)?脸|没脸没皮|厚颜无耻|恬不知耻|无耻(?:之徒|小人|之尤)|(?:猪狗|禽兽|畜生)不如|衣冠禽兽|狼心狗肺|不得好死|断子绝孙|死全家|全家(?:死光|暴毙)|天打雷劈|放(?:${YOU}妈的|狗)屁|去吃屎|吃屎(?:去|吧)|${FROM}(?:放屁|吃屎|给我闭嘴|${YOU}?(?:他妈的?)?闭嘴)${TO}|[扑仆]街|冚家(?:铲|富拎)|痴线|瓜娃子|[仙先]人板板|丫挺|窝囊废`,
    `${FROM}(?:${YOU}${SO}|${THIS})${FOUL}(?:们|东西|玩意|一个|一样)?${TO}`,
    `${YOU}(?:就|都|真|全|果然|简直|不过|一个个){0,3}是${SO}${FOUL}(?:们|东西|玩意)?${TO}|${YOU}${SO}二百五${TO}|(?:垃圾|黑心|吸血|流氓|无良)(?:公司|平台|催收)${TO}|${YOU}(?:是不是|他妈|真|怕是)?有(?:毛)?病吧?${TO}(?<=病吧?)(?<!是有病)|${YOU}(?:的|是不是)?脑子(?:是不是)?(?:有(?:病|坑|毛病|问题|屎)|进(?:水|屎)|坏了|被[驴门])`,
  ]),
  ...certain(
    'insult',
    [
      `${FROM}${YOU}?(?:这|那|就|都|真|个|种|帮|些|是|成|当|做|纯|的|典型|标准|欠钱不还|死|臭|老|大){0,6}老赖(?:一个|们|东西|嘴脸)?${TO}|(?:[像跟和对]${YOU}?)?这(?:样|种|些|帮|个)的?老赖|[死臭]老赖|${YOU}(?:就|真|还|可|果然|不过|根本|分明|明明|也){0,2}(?:是|算|像|叫)(?:个|一个|条|典型的?|标准的?)?老赖(?!吗)|${FROM}二百五${TO}|(?:没|毫无)(?:有)?素质的(?:东西|人|家伙)`,
    ],
    'lender',
  ),
  ...certain('threat', [
    `(?:打|弄|砍|捅|整|杀|揍|砸|烧|掐|撞|炸|勒|搞|灭|玩|踢)死(?:了)?(?:${YOU}(?!也)|全家)|(?:杀|宰|砍|剁|劈|弄|灭|做|埋|废)(?:了|掉)${YOU}(?!的?(?:价|利|息|钱|费|本|违|罚|账|单|期|月|申|材|工|主|方))|杀${YOU}(?:全家|一家|满门)|(?:捅|剁|揍|斩)(?:死|扁|烂|你一顿)?${YOU}(?!了|的)|(?:弄|打|整|搞)(?:残|废|瘸|瘫)(?:了)?${YOU}`,
    `(?:(?:打|敲|弄|踩|砍)(?:断|折|残|烂)|剁(?:了|掉|下)?|卸(?:了|掉|下)?|挑断)${YOU}(?:的)?(?:[一两三双条只根俩狗个]){0,4}(?:腿|手(?![机续头上里术气下表写])|胳膊|脚|手指|指头|狗头|脑袋|脖子)|(?:砸|烧|炸|拆|掀|踏)(?:了|烂|掉|光|平|毁)${YOU}(?:的)?(?:家|公司|店|门|车|办公室|单位|房|平台|窝)|(?:放火|一把火)烧(?:了)?${YOU}|要(?:了)?${YOU}(?:的)?(?:狗|小)?命(?!令)|(?<!不想)同归于尽|血债血偿|${YOU}(?:就)?死定了|${FROM}(?:咱们?|我们|那就|大家)?走着瞧${TO}|给(?:我|老子)(?:等着|小心点?)${TO}|小心${YOU}(?:的)?(?:狗命|小命|狗腿|狗头)`,
    `(?:拿|带|提|抄)(?:着|把|起)?(?:菜|砍|尖)?刀(?:来|去|过去|过来|上门)?(?:找|砍|捅|杀)${YOU}|绑(?:架|了)?${YOU}(?:家|的)?(?:孩子|儿子|女儿|小孩|老婆|家人)|(?:找|叫|派|带|喊)(?:几个|一帮|些|点|一群)?(?:人|兄弟|社会人|小弟|打手|混混)(?:们)?(?:来|去|上门)?(?:收拾|弄|打|揍|砍|废|教训|修理)${YOU}|[让叫]${YOU}(?:全家)?生不如死`,
  ]),
  ...certain(
    'threat',
    [
      `(?:去|来|到|往|给|上)${YOU}家(?:里|门口|门上)?(?:去)?(?:泼|倒|喷|砸|堵门)(?:红)?(?:油漆|大粪|汽油)?(?!的|吗)|知道${YOU}(?:家)?(?:的)?(?:孩子|儿子|女儿|小孩)(?:在|读)哪(?:里|儿|个|所)?(?:上学|读书|学校|上课|幼儿园|班)|(?:知道|清楚)${YOU}(?:家)?住(?:在)?哪(?:里|儿)?${TO}`,
    ],
    'lender',
  ),
  ...certain('exposure', [
    `(?:把|将)${YOU}[^，。！？不]{0,6}(?:照片|身份证|欠条|借条|名字|姓名|头像|丑事|住址|裸照|资料|信息|视频)(?:都|全|给|也)?(?:发|挂|贴|传|晒|曝光|公开|公布)(?:到|在|上|去|给|出)?(?:网|朋友圈|抖音|快手|微博|微信群|群里|${YOU}|论坛|贴吧|村|小区|大街)|人肉${YOU}|${FROM}(?:我|我们)?(?:${WILL})?曝光${YOU}(?:的(?:身份证?|照片|丑事|隐私|信息)[^，。！？]{0,3})?${TO}`,
  ]),
  ...certain(
    'exposure',
    [
      `爆(?:了|掉)?${YOU}(?:的)?通讯录|(?:打爆|轰炸|群发)${YOU}(?:的)?(?:通讯录|联系人|手机|电话)|(?:我|我们|我司)?${WILL}(?:去|来)?(?:告诉|通知|打给|致电|找|联系|打电话给)(?:一下)?${YOU}(?:的|们)?(?:所有|全部)?(?:的)?${KIN}(?![^，。！？]{0,8}(?:核实收入|收入证明|代理|律师))|${WILL}给${YOU}(?:的)?${KIN}(?:挨个|都)?(?:打电话|发短信|发消息)|${FROM}给${YOU}(?:的)?${KIN}打电话${TO}`,
      `[到去上]${YOU}(?:的|们)?(?:公司|单位|学校|村|小区|家)(?:门口|里|楼下)?(?:去)?(?:拉横幅|闹事?|贴大字报|举牌|拉喇叭|喊)(?!的|吗)|[让叫]${YOU}(?:身败名裂|社死|社会性死亡|没脸见人|出出名|[^，。！？不]{0,6}抬不起头)|[让叫](?:全|所有|整个)[^，。！？不]{0,3}(?:村|公司|单位|小区|世界|校|厂|班|家)?(?:的)?人?都?知道${YOU}(?:欠|是|不还|这)|在?(?:朋友圈|网上|抖音|群里)曝光${YOU}`,
    ],
    'lender',
  ),
  ...certain(
    'false-authority',
    [
      `(?:我(?:们)?|这里|这边|本人)(?:就)?是(?:[^，。！？不老的]{0,4})?(?:警察|警官|民警|公安(?:局|机关)?|派出所|法院|法官|检察官|检察院|经侦|刑警|网警)(?:的)?(?:人|民警|警官|工作人员)?${TO}|${YOU}(?:就|马上|这是)?(?:会|要|得|将|准备|等着|即将)(?:被)?(?:警察|公安|法院)?(?:抓(?:走|起来|去)?|坐牢|蹲监狱|进监狱|吃牢饭|判刑|拘留|刑拘|逮捕|通缉)(?![吗么的]|.{0,2}(?:吗|是谣|是假))|等着(?:坐牢|蹲监狱|被抓|判刑|吃牢饭)|[让叫送]${YOU}(?:去)?(?:坐牢|蹲监狱|吃牢饭)|抓${YOU}(?:去)?(?:坐牢|判刑|拘留)`,
      `(?:警察|公安|派出所|民警|警方|刑警|法院)(?:马上|会|就|明天|今天|将|要|已经|正){0,3}(?:去|来|上门|派人|过去)?(?:抓|逮捕|拘留|带走|刑拘)${YOU}(?!的)|(?:已|已经)对${YOU}(?:进行)?立案侦查|${YOU}(?:这|的行为|这种行为)?(?:已|已经|就|这)?(?:构成|涉嫌|涉及|犯了?|属于)(?:合同|贷款|信用卡|恶意)?诈骗|${YOU}(?:这|就)*是诈骗(?:罪|犯)?${TO}|${FROM}(?:我们|马上|立刻|直接){0,2}(?:逮捕|拘留|通缉|拘捕)${YOU}${TO}|${YOU}(?:已|已经)被(?:公安|法院|警方|全国|网上)?(?:通缉|追逃|列为网逃)|(?:我们|我司|本公司|平台)(?:将|会|马上|已经?|要|可以|有权){0,3}(?:直接|强制)?冻结${YOU}|${FROM}(?:冻结${YOU}(?:的)?(?:所有|全部|名下)?(?:的)?(?:银行卡|账户|微信|支付宝)|限制${YOU}出境)${TO}|影响${YOU}(?:的)?(?:孩子|子女|儿子|女儿|后代)[^，。！？]{0,3}(?:政审|上学|考公|入学|前途)(?!吗)`,
    ],
    'lender',
  ),
  ...certain('ultimatum', [
    `最后通牒|最后(?:的|一次){0,2}警告|(?:这|就)是(?:我|我们|${YOU})?(?:给${YOU})?(?:的)?最后(?:的|一次){0,2}机会${TO}|${FROM}(?:${YOU}的?)?最后(?:的|一次){0,2}机会${TO}|没得(?:商量|谈)${TO}|${FROM}(?:这事|这个)?没(?:有)?商量(?:的余地|余地)?${TO}|${FROM}(?:否则|不然|其他|别的|其它)?(?:一律|一概)?免谈${TO}|爱(?:要不要|还不还|签不签|来不来|给不给|谈不谈|接受不接受)|过时不候|后果(?:一律|均|全部|由${YOU}|${YOU}|自己|请)?自负|不(?:同意|签|减免?|答应|接受|免息?|免)(?:就|那就|的话就|我就|我)(?:一分(?:钱)?(?:都|也)?(?:不还|不给|没有)|别想(?:我|再)?[^，。！？]{0,4}(?:还|签|拿))|要么(?:接受|同意|签)[^。！？]{0,4}要么滚`,
  ]),
  ...certain(
    'ultimatum',
    [
      `(?<=(?<!不|说|担心|要求)(?:今天|今晚|明天|[\\d一二两三四五六七八九十]点|下午|中午|月底)(?:之?前)?)必须(?:全部|全额|一次性?)?(?:还清|结清|到账|还上|还钱|付清)|${FROM}${YOU}?(?:马上|立刻|立即|赶紧|现在就)(?:给我)?(?:还钱|还款|打钱)${TO}|限${YOU}[^，。！？]{0,8}(?:还|结|付|交)(?:清|款|钱|上)|逾期不候|${FROM}不还就等着`,
    ],
    'lender',
  ),
  ...certain('despair', [
    `(?:我|俺)(?:真|真的|好|就|只|很|现在|已经|都|也|是|每天|天天|总|常|经常|有时){0,3}(?:想|要|准备|打算|宁愿|不如|只有|只能|去)(?:去|一)?(?:死(?![磕守撑你我他心的不])|自杀|跳楼(?!价)|上吊|轻生|割腕|烧炭|喝(?:农药|百草枯)|跳[河江桥海]|卧轨|自尽|寻短见|了断|结束(?:自己的?|我的)?生命)(?!未遂|过(?!去))|${FROM}(?:真的?|好|就|只|很)?(?:想|要|准备|去)(?:去)?(?:死|自杀|跳楼|上吊|轻生|割腕|喝农药)(?:了|算了)?${TO}|(?:死|跳楼|自杀)(?:了)?算了${TO}|(?<![你您他她说写讲到过])(?<![你您他她]们)(?:我)?(?:真的|实在)?(?:不想活(?![动跃])|活不下去|活够)了?${TO}|一死了之|死了(?:一了百了|你们就满意)|不如死了|死路一条|生无可恋|(?:遗书|遗言)(?:已经?|都|我){0,3}写好|写好(?:了)?(?:我的)?遗书|我(?:刚|刚刚|已经|真的)?割(?:了)?腕了?|我(?:刚|刚刚|已经)?[吃喝吞](?:了|下)(?:整|半|一|两|很多|好多|一瓶|一把|瓶|把|几){0,3}(?:安眠药|农药|百草枯)|我撑不下去了?${TO}|(?:我|${FROM})(?:觉得)?活着没(?:有)?意[思义]|没(?:有)?活下去的(?:勇气|理由|意义)|来世再还|结束(?:自己|我)的生命|我(?:从楼上|从这里|马上|现在就)跳(?:下去|楼)`,
  ]),
];

const WE_WILL =
  "(?:i|we|they|my (?:boys|guys|friends|brothers))(?:'?ll|'m|'re| am| are| will| shall| want to| have to| must|'d)?(?: (?:going to|gonna|wanna|about to))?(?: (?!not\\b|never\\b|no\\b)[a-z]+){0,2}?";
const KIN_EN =
  '(?:boss|employer|famil(?:y|ies)|wife|husband|partner|parents|mother|father|mum|mom|dad|kids|children|friends|colleagues|co-?workers|neighbou?rs|contacts|work ?place|office|manager|relatives|school|hr)';
const ASKED =
  '(?![^.!?]{0,40}\\b(?:only|consent|permission|agree|unless|to (?:confirm|verify)|as you|if you (?:want|wish|like)|for you)\\b)';
const FOUL_EN =
  '(?:idiots?|morons?|imbeciles?|liars?|thie(?:f|ves)|crooks?|scum|losers?|deadbeats?|parasites?|pigs?|fools?|vermin|vultures?|bloodsuckers?|leeche?s?|cowards?|scammers?|fraudsters?|con artists?)';
const SO_EN =
  '(?:such|just|really|all|nothing but|a|an|bunch of|pack of|gang of|total|complete|utter|absolute|bloody|damn|lying|filthy|stupid|greedy|old|little|pathetic|useless|worthless|dirty|dumb|bunch|what)';
const ENDS = '(?=[.!?,;"”]|$)';
const BEGINS = '(?<=(?:^|[.!?,;:\\n"“]) ?)';

export const certainEn: Phrase[] = [
  ...certain('insult', [
    `\\b(?:f+u+c+k+\\w*|motherf\\w*|fck(?:ing)?|f[*@]+c?k(?:ing)?|(?:ass|arse) ?holes?|dick ?heads?|(?:son|sons) of (?:a )?bitch(?:es)?|cunts?|wankers?|dumb ?ass\\w*|bull ?shit|shit(?:ty|s)?(?: ?(?:heads?|bags?|holes?))?|stfu|gtfo|wtf|scum ?bags?|bastards?|bitch(?:es)?|retards?|piss off|screw (?:you|u)|drop dead|go to hell|rot in hell|shut the \\w+ up|tmd|cnm|nmsl)\\b|\\bshut up${ENDS}|🖕`,
    `\\b(?:you|u|ur)(?:'?re| are| r)?(?: people| lot| guys)?(?: are)?(?: ${SO_EN}){0,4} (?:${FOUL_EN}|pathetic|disgusting|worthless|trash|garbage)${ENDS}|\\b(?:you|u)(?:'?re| are) (?:such |just |really |so |all )?(?:stupid|pathetic|disgusting|a joke)${ENDS}|${BEGINS}(?:${SO_EN} ){0,4}${FOUL_EN}${ENDS}|\\byou (?:stupid|bloody|filthy|pathetic|useless|lying|dirty|greedy) ${FOUL_EN}`,
  ]),
  ...certain('threat', [
    `\\b${WE_WILL} (?:kill|murder|stab|shoot|strangle|beat up|beat|cripple|hurt|maim|slaughter) (?:you|u|ya|your (?:whole )?(?:family|kids|children|wife))\\b(?! to it)|${BEGINS}(?:kill|murder|stab|shoot) (?:you|u)(?: all)?${ENDS}|\\b${WE_WILL} (?:break|smash|cut off)(?: both| all)?(?: of)? your (?:\\w+ )?(?:legs?|arms?|neck|bones|fingers?|knee ?caps|skull|jaw|face|head|teeth)\\b|${BEGINS}(?:break|smash) your (?:legs|bones|neck|face|skull|knee ?caps)\\b|\\b${WE_WILL} burn (?:down )?your (?:house|home|office|car|place|shop)\\b|${BEGINS}burn your (?:house|home) down|(?<!if |when |once |case )\\byou(?:'re| are)(?: so| already| a)? dead(?: meat| man)?${ENDS}|\\bwatch (?:your|ur) back\\b|\\bi(?:'ll| will) find you and\\b|\\bi know where (?:you|u) live${ENDS}|\\bsmash your (?:face|head|skull|teeth) in\\b|\\b${WE_WILL} make you suffer\\b`,
  ]),
  ...certain(
    'threat',
    [
      `\\b${WE_WILL} (?:come|go|be) (?:to|round to|at) your (?:house|home|place|door)\\b[^.!?]{0,20}\\bwith (?:\\w+ )?(?:guys|boys|men|lads|dogs)|\\bwe know where your (?:kids|children|son|daughter|wife|mother|parents) (?:go|goes|stud\\w+|live|lives|work|works)\\b`,
    ],
    'lender',
  ),
  ...certain(
    'exposure',
    [
      `\\b(?:i|we)(?:'ll|'m| am|'re| are| will| shall)(?: (?:going to|gonna))?(?: (?!not\\b|never\\b|no\\b)[a-z]+)?? (?:tell|call|phone|contact|inform|ring|text|email|message|visit|notify) (?:all |all of )?your(?: whole| entire)? ${KIN_EN}\\b${ASKED}|${BEGINS}tell your (?:boss|family|wife|husband|parents|employer)${ENDS}|\\bpost(?:ing)? your (?:\\w+ )?(?:photos?|pictures?|name|id|face|debts?|details) (?:online|on (?:facebook|social|the (?:internet|web)|instagram|tiktok|twitter)|all over|everywhere)\\b|\\bexpos(?:e|ing) you(?=[.!?,]|$| on| to | online)|\\bsham(?:e|ing) you (?:on|online|publicly|in front)|\\byour ${KIN_EN} will (?:know|hear|find out|learn)(?=[.!,]|$| about| what| everything| you| that)|\\beveryone will know(?=[.!,]|$| what| you| about)`,
    ],
    'lender',
  ),
  ...certain(
    'false-authority',
    [
      `\\b(?:this is|i am|i'm|we are|we're) (?:the |a |an |from the |with the |at the )?(?:\\w+ )?(?:police(?: officers?| department| station)?|court|sheriff(?:'s office)?|fbi|prosecutor|bailiffs?)${ENDS}|\\byou(?:'ll|'re| will| are| shall)(?: going to)? (?:(?!not\\b|never\\b)\\w+ )?(?:go to|going to|end up in|be in|rot in|be sent to|be thrown in(?:to)?) (?:jail|prison)\\b|\\b(?:police|officers?) (?:will|are|'ll)(?: (?!not\\b|never\\b)\\w+){0,3} arrest you\\b|\\byou(?:'ll| will| are going to|'re going to) be (?:arrested|jailed|deported)\\b|\\bhave you (?:arrested|jailed|deported)\\b(?! by)|\\bwarrant (?:is |has been )?(?:out |issued )?for your arrest\\b|\\byou(?:'re| are| have been)? commit(?:ting|ted) (?:a )?(?:fraud|crime)\\b|\\bwe(?:'ll| will|'re going to| are going to| can| have) (?:now )?(?:freeze|frozen|seize|seized) your (?:bank )?(?:accounts?|cards?|assets|house|wages)\\b|\\bthis is (?:now )?a (?:criminal|police) (?:offen[cs]e|matter|case)${ENDS}`,
    ],
    'lender',
  ),
  ...certain('ultimatum', [
    `\\btake it or leave it\\b(?! is)|\\b(?:this|here) is (?:my|our|your|the|a) (?:very )?(?:final|last) (?:offer|warning|chance|demand|word)${ENDS}|${BEGINS}(?:your |the |a )?(?:very )?(?:last|final) (?:chance|warning)${ENDS}|\\b(?:this is|here is|consider this) (?:an|my|our) ultimatum\\b|\\bor else(?=[.!"”]|$)|\\b(?:you have|you've got|(?:i|we)(?:'m|'re| am| are)? giv(?:e|ing) you) (?:exactly |only |just )?(?:\\d{1,2}|one|two|three|six|twelve|twenty-four|forty-eight) (?:hours?|minutes?)(?=[.!"”]|$| to (?:pay|decide|agree|accept|answer|settle))|\\byou have until (?:tonight|midnight|noon|tomorrow)(?=[.!"”]|$)|\\bno more talk(?:s|ing)?${ENDS}|\\bnow or never\\b|\\bpay (?:up )?(?:now|today|tonight|immediately|up) or (?:else|we|i|face|you)\\b|\\bface the consequences\\b|\\baccept or we(?:'re| are) (?:done|finished)\\b|${BEGINS}pay (?:up|immediately|up now)${ENDS}`,
  ]),
  ...certain('despair', [
    `\\bi(?:'m| am)?(?: (?:just|really|only|still|do|so))* (?:want(?:ed)?|wanna|wish|need|going|plan(?:ning)?|ready|about|gonna) (?:to )?(?:die|be dead|kill my ?self|end my (?:own )?life|end it all|hang my ?self)\\b(?! (?:of|laughing))|\\bkill(?:ing)? my ?self(?=[.!?,]|$| (?:tonight|today|now|tomorrow|soon|if|over|because))|\\bi(?:'m| am| feel)(?: (?!not\\b|never\\b|no\\b)\\w+)? suicidal\\b|\\b(?:end|take|took|ending|taking) my (?:own )?life\\b|\\bi (?:can'?t|cannot|can not)(?: \\w+)? (?:go on|carry on|take it|take this|do this|live like this)(?: any ?more| any longer| like this| living like this)?(?=[.!?,]|$)|\\bi (?:don'?t|do not|no longer)(?: \\w+)? (?:want|wish) to (?:live|be alive|be here|wake up|exist)(?=[.!?,]|$| any ?more| any longer)|\\b(?:no reason|nothing(?: left)?) (?:left )?to live(?: for)?\\b|\\bbetter off dead\\b|\\bi wish i (?:was|were) dead\\b|\\bi(?:'d| would) rather (?:be dead|die)\\b|\\bi should (?:just )?die\\b|\\bi(?:'ve| have)?(?: just)? (?:took|taken|swallowed) (?:an overdose|all (?:of )?(?:the|my) (?:\\w+ )?(?:pills|tablets))\\b|\\b(?:jump(?:ing)? off (?:a|the) (?:bridge|roof|building|balcony)|hang(?:ing)? my ?self)\\b|\\blife is(?:n't| not)(?: \\w+)? worth living\\b|\\b(?:written|wrote) (?:a |my )?(?:goodbye|suicide) (?:note|letter)\\b`,
  ]),
];

function certain(...[kind, words, by]: Parameters<typeof phrases>): Phrase[] {
  return phrases(kind, words, by).map((one) => ({ ...one, certain: true }));
}
