import { phrases } from './phrases.ts';

/**
 * What does harm by how it is built, whichever words stand in it: what is done, to whom or what, and by what it is meant. Beside the phrases of each language, which are
 * those that people use as they stand.
 */

/** Whom a debtor is put to shame before, in families, at work and around. */
const CIRCLE_ZH =
  '(?:[二三四五六七八大小表堂丈亲]?(?:哥|姐|弟|妹|姨|舅|叔|姑|伯|嫂|婶)|爷爷|奶奶|外公|外婆|姥姥|姥爷|婆婆|合伙人|前(?:妻|夫|男友|女友)|师傅|爸妈?|爹|妈|娘|父母|父亲|母亲|老(?:公|婆|爸|妈|板|总|师|细|乡|丈人)|丈母娘|岳[父母]|公婆|媳妇|妻子|丈夫|配偶|爱人|对象|[男女](?:朋友|友)|未婚[夫妻]|孩子|儿子|女儿|家(?:里)?人|家属|亲戚|亲友|朋友|闺蜜|同学|同事|领导|上司|主管|经理|老板|人事|前台|hr|单位|公司|学校|班主任|邻居|房东|村(?:里|干部|长|支书|委会?)|居委会?|街道|物业|门卫|客户|联系人|通讯录|好友|群友|网友)';
const YOU_ZH = '(?:你|您|恁|侬)(?:们)?';

/** Police, courts and offices, as lenders borrow their names. */
const OFFICE_ZH =
  '(?:公安(?:局|部|机关)?|警(?:察|方|官|队)|网警|刑警|民警|交警|经侦|刑侦|派出所|差(?:佬|人)|阿sir|法院|法官|法警|检察(?:院|机关|官)|检方|司法局?|执行局|央行|人民银行|银监会?|金管局|边检|海关|出入境|移民局|反诈中心|政府|国家|国际刑警)';
/** What only they may do. Judging and mediating is also told of in earnest, and is not among it. */
const SEIZE_ZH =
  '(?:锁定|定位|布控|通缉|追逃|缉拿|抓(?!紧|住机)|拉(?:走|人|你)|捉|拘留|拘捕|刑拘|逮捕|批捕|传唤|带走|铐|到案|归案|判刑|限制(?:你|您)?出境|查封|羁押|收监|在路上)';

export const framesZh = [
  ...phrases('insult', [
    '撒谎(?:精|成性|还会|骗人)|谎话连篇|(?:哪(?:来|里来)的|还有|好意思|哪有|什么)脸(?:跟|来|说|谈|讨|要|面)|脸皮(?:比|真|这么|够|太|厚)|蛇鼠一窝|一窝(?:蛇鼠|老鼠|强盗|骗子)|(?:豺狼|虎狼|吃人|吃相难看)(?:的)?|(?:诈骗|骗子|强盗|土匪)(?:团伙|窝|公司|集团)|人渣(?:聚|窝|公司|败类|一)|野种|骚货|贱(?:骨头|货|人|种)|滚刀肉|不值钱的(?:东西|货|玩意)|(?:沙|傻)(?:雕|屌)|癞(?:蛤蟆|皮狗)|寄生虫|蛀虫|龟(?:孙|儿子|蛋)|啃老的?|(?:催收|资本家?|看门)(?:的)?(?:走)?狗|(?:从上到下|全是|都是|就是|一群|一帮|一窝)?没(?:有)?(?:一)?(?:个|只)好(?:东西|鸟|人|货)',
    '(?:连)?(?:养)?(?:条|只|头)?(?:狗|猪|畜生|牲口|鬼)(?:都|也)?(?:比|不信|不如|不要|嫌)(?:你|您)|(?:你|您|恁)(?:还|都|连)?(?:不如|比不上)(?:条|只|头)?(?:狗|猪|畜生|牲口)|鬼才信|(?:你|恁)这(?:德行|德性|人品|嘴脸|副(?:嘴脸|德行|样子))|一辈子(?:翻不了身|受穷|没出息|也就这样|穷命)|穷得叮当响',
    '(?:去|日|操|艹|草)(?:你|他|尼)(?:大爷|妈|娘|祖宗|全家)|(?:尼|泥)玛|(?<![\\u4e00-\\u9fff])(?:操|艹|肏)(?=[，。！!]|$)|(?:干|幹)(?:你|恁)(?:娘|老母)|(?:不得|不会有)好(?:死|下场)|断子绝孙|生(?:孩子|儿子|仔)没屁眼|(?:狗|鬼)吃了?(?:你)?(?:的)?良心|良心(?:被|让|给|都)?(?:让|被)?狗(?:吃|叼)|缺德(?:带冒烟|到家|鬼|玩意)|丧(?:尽天良|良心)',
    '(?:这么|那么|真|够|太|最)(?:贱|下贱|下作|龌龊|无耻)(?:的)?|(?:听不懂|不说|不会说)人话|(?:吃|喂)(?:屎|粪)(?:长大|的)?|(?:装|当)(?:孙子|大爷|死狗|大款)|(?:说话|放)(?:跟|像|如)?(?:放)?屁|(?:爹|妈|爸|父母|家里)[^，。！？]{0,4}(?:怎么)?(?:教|养|生)(?:出|了)(?:你)?[^，。！？]{0,6}(?:玩意|东西|货|骗子|废物)',
  ]),
  ...phrases('threat', [
    // What is broken: a body, or what somebody owns.
    `(?:缺|断|少|卸|废|剁|砍|敲|打断|打折|挑断)(?:了|掉|你|您|他|个|一|条|只|根|的)*(?:胳膊|手脚|手|脚|腿|手指|骨头|手筋)(?:少|断|缺)?|(?:扎|砸|划|烧|炸|泼|卸|撬|堵|踹|淋)(?:了|烂|掉|坏|开)?(?:${YOU_ZH})(?:的|家|家里|车)*(?:的)?(?:车|胎|轮胎|门|店|房|窗|锁|公司|办公室)|(?:把)?${YOU_ZH}(?:的|家|家里)*(?:车胎|轮胎|车|门|店|房子|窗户|锁|办公室)(?:给|都|全)?(?:扎|砸|划|烧|炸|泼|卸|撬|踹|淋)`,
    // Who knows where somebody is, and waits there.
    `(?:我|我们|哥|老子|咱)?(?:都|早|也|已经)?(?:知道|清楚|查到|查过|摸清|打听到|晓得)(?:了)?${YOU_ZH}[^，。！？]{0,10}(?:在哪|住哪|哪(?:里|儿)?(?:上班|住|上学)|几点(?:下班|放学|出门)|坐几路|走哪|住址|几楼|哪栋)|(?:下班|放学|回家)?(?:路上|路口|门口|楼下|巷子|巷口|半夜|出门)[^，。！？]{0,4}(?:等|堵|候|蹲|截|逮)(?:着|到)?(?:${YOU_ZH})`,
    '(?:走夜路|出门|走路|过马路|开车)[^，。！？]{0,6}(?:小心|当心|悠着|出事|撞|意外)|(?:小心|当心|留神)[^，。！？]{0,8}(?:被车?撞|出(?:事|意外)|断|摔死|没命)|(?:半夜|深夜|凌晨|夜里|今晚)[^，。！？]{0,4}(?:敲|砸|踹)(?:你|您)?(?:家)?(?:的)?门|(?:半夜|深夜|凌晨|夜里)[^，。！？]{0,3}(?:找|会会|问候)(?:你|您)',
    '(?:已经?|现在|马上)?(?:到|在)(?:了)?(?:你|您)(?:家|小区|公司|单位)?(?:的)?(?:楼下|门口|门外|小区)(?:了)?(?=[，。！]|$)|识相(?:的|点)?|哭着(?:来|过来)?(?:求|跪)|(?:可|千万)?别(?:哪天)?[^，。！？]{0,3}(?:吓(?:着|到|坏)|找不(?:着|到)了|出什么(?:事|意外)|丢了)|出门[^，。！？]{0,4}(?:不安全|不安生|提心吊胆)|(?:多的是|有的是|总有)(?:办法|手段|法子)[^，。！？]{0,3}(?:让|叫|逼|治|对付|收拾)|(?:待|混|呆|活)不下去(?=[，。！]|$)|脱层皮|垫背|住[^，。！？]{0,3}楼[^。！？]{0,6}(?:窗|护栏|阳台)|(?:社会|道上|江湖)人(?:士)?[^，。！？]{0,3}(?:陪|找|会会|聊)',
    '生不如死|黑白两道|(?:道|社会)上的(?:人|兄弟|朋友)|弄死|整死|打死(?=你|您|他|个)|一起死|同归于尽|(?:死|赔)(?:一个|你一个)?够本|(?:带|拿|揣|提|备|有)[^，。！？]{0,3}(?:汽油|菜刀|砍刀|刀子|家伙)|(?:别|不要)逼(?:我|我们|老子)(?:们)?[^，。！？]{0,3}(?:动手|动粗|下狠手|用|出|来)|非常(?:手段|办法|措施)|手黑|不客气了?(?=[，。！]|$)',
    '(?:老人|老小|小孩|孩子|家人|家里|妻儿|全家)[^，。！？]{0,8}(?:平安|安全|出事|有个三长两短)[^，。！？]{0,5}(?:重要|要紧|第一|放心|吧|啊|呢)|(?:有|够)(?:你|您)(?:哭|受|好看|后悔|吃)(?:的)?(?:时候|日子|苦头)?|挖地三尺|(?:十几|几十|二十|三十|好几|一帮|一群|一车|几)(?:个|号)?(?:人|兄弟|弟兄)[^，。！？]{0,10}(?:门口|家|楼下|单位|堵|住下|等着|过去)',
  ]),
  // Of a lender, a debtor's body, sleep and children are no small talk.
  ...phrases(
    'threat',
    [
      '(?:腿|手|胳膊|命|眼睛|耳朵)(?:还)?(?:想|要)?(?:不)?(?:想)?要(?:了)?(?=[，。！？]|$)|买(?:你|您)(?:的)?(?:一)?(?:只|条)?(?:手|腿|胳膊|命)|(?:孩子|女儿|儿子|小孩|娃)[^，。！？]{0,6}(?:放学|上学|校门|幼儿园)[^，。！？]{0,4}(?:路|几点|挺|不太|接|吧|走)|(?:晚上|夜里|睡觉|开车|出门|过马路)[^，。！？]{0,6}(?:关好|锁好|当心|长个心眼|睁只眼)',
      '(?:下(?:次|回)|到时候)[^，。！？]{0,10}不(?:是|会是|系|只是)[^，。！？]{0,3}(?:我一个人|讲|说|这么|打电话|谈|两句)|(?:混混|流氓|地痞|打手|黑社会|古惑仔|烂仔|马仔)(?:们)?[^，。！？]{0,6}(?:闲|认识|去|找|陪|等)|(?:认识|有)[^，。！？]{0,8}(?:混混|流氓|地痞|打手|黑社会|古惑仔|烂仔)',
    ],
    'lender',
  ),
  ...phrases(
    'exposure',
    [
      '(?:公告栏|大屏幕?|喇叭|广播|报纸|电线杆|橱窗)(?:上|里)?[^，。！？不]{0,6}(?:有|见|登|贴|出现|写)[^，。！？不]{0,2}(?:你|您)(?:的)?(?:名字|照片|大名|事)|看(?:你|您)(?:的)?(?:妈|爸|老婆|老公|领导|同事|孩子)[^，。！？]{0,3}(?:接不接|怎么说|理不理)|(?:让|叫)(?:你|您)(?:的)?(?:粉丝|观众|老铁|客户|学生|病人)[^，。！？]{0,4}(?:看看|知道|认识)',
      `(?:${YOU_ZH})(?:的|家)?(?:的)?${CIRCLE_ZH}[^，。！？不]{0,5}(?:邮箱|电话|微信|号码|地址)[^，。！？不]{0,3}(?:我|我们)(?:已经|都|也)?(?:找|查|拿|有|存|加)(?:到|了|着)?`,
      `(?:${YOU_ZH})(?:的|家)?(?:的)?${CIRCLE_ZH}[^，。！？]{0,5}(?:那边|那里|那头|那儿)[^。！？不]{0,3}(?:我|我们)[^。！？不]{0,6}(?:说|讲|打|联系|沟通|解释|说明|有|聊)|${CIRCLE_ZH}(?:那边|那里|那头)(?:我|我们)(?:来|会|去|也|都|就|有)[^。！？不]{0,6}(?:说|讲|打|联系|沟通|说明|号码|电话|聊)`,
      `${CIRCLE_ZH}[^，。！？]{0,3}(?:要是|如果|万一|知道|看到|收到|听说|发现)[^。！？]{0,20}(?:怎么(?:想|看|说)|什么(?:感想|反应|态度|表情)|会怎样|作何感想)|(?:他|她)们?(?:知道|看到|听说)(?:了|后|以后)*[^，。！？]{0,3}会怎么(?:想|看|说)`,
      `(?:拉|建|开|组)(?:个|一个)?(?:微信)?群[^。！？]{0,12}(?:${CIRCLE_ZH}|大家|所有人|全村|看看)|(?:让|叫|使|给)(?:你|您)[^，。！？]{0,8}(?:出(?:出)?名|社死|火一把|红一把|上(?:头条|热搜|榜)|现形|示众)|社(?:会性)?死(?:亡)?(?:一次|一回|现场|就|吧|了)|示众|游街|(?:老赖|失信|黑)(?:墙|榜)`,
      `(?:${YOU_ZH})(?:的|家)?(?:的)?${CIRCLE_ZH}[^，。！？]{0,10}(?:感兴趣|愿意听|想听|乐意听|(?:还)?不(?:知道|晓得|清楚)[^。！？]{0,14}吧)|(?:跟|和|给|对|同)(?:${YOU_ZH})(?:的)?${CIRCLE_ZH}[^，。！？]{0,2}(?:讲讲|说说|聊聊|谈谈|唠唠|讲一讲|说一说|念叨)|(?:门口|楼下|单位|公司|村口|学校)[^，。！？]{0,5}(?:会有|挂上?|拉起?|出现|等着)[^，。！？]{0,3}横幅|(?:结婚|婚礼|婚宴|寿宴|酒席|升学宴|葬礼|满月)[^。！？]{0,8}(?:要账|讨债|要钱|现场|上门|闹)`,
      '(?:大头照|照片|相片|头像|欠款|欠条|身份证)[^。！？]{0,10}(?:放|发|甩|扔|传|挂)(?:到|在|上|去|进)[^，。！？]{0,5}(?:群|网|ig|脸书|臉書|facebook|抖音|微博|贴吧)|发(?:到|去|上)(?:你)?(?:ig|脸书|facebook|抖音|微博|快手|小红书|twitter)|抖(?:落|搂|出来)|(?:大)?喇叭[^，。！？]{0,4}喊',
      '(?:印|打印|复印|做|喷|写)(?:成|上|出)?[^，。！？]{0,4}(?:传单|海报|横幅|大字报|锦旗|小广告|展板)|(?:传单|大字报|锦旗|花圈|横幅|小广告)[^，。！？]{0,10}(?:发|贴|送|拉|挂|寄|撒)|(?:发|贴|送|拉|挂|寄|撒)[^，。！？]{0,4}(?:传单|大字报|锦旗|花圈|横幅|小广告)',
      `(?:给|向|往|替)(?:${YOU_ZH})(?:的)?${CIRCLE_ZH}[^，。！？]{0,4}(?:寄|发|送|打|去)|(?:逐一|逐个|挨个|一个个|一个一个|一一|轮流|群发|轮番)[^，。！？]{0,4}(?:联系|打|通知|致电|转告|告诉|发(?=短|消|信|给))|代为转告|(?:加|添加|搜)(?:了)?(?:${YOU_ZH})[^，。！？]{0,6}${CIRCLE_ZH}[^，。！？]{0,4}(?:微信|好友|qq|抖音)`,
      `(?:搜|搜索|百度)(?:一下)?(?:你|您)(?:的)?(?:名字|姓名|手机|大名)|${CIRCLE_ZH}?群里?(?:会|就|将|马上|明天)?[^，。！？]{0,6}(?:有|出现|看到|收到)(?:你|您)|通讯录[^，。！？]{0,4}(?:导|扒|调|拿)(?:出|到|了)|(?:不还|不处理|再拖)(?:就|我就|我们就)爆|(?:全网|全村|全城|全小区|左邻右舍|街坊四邻|十里八乡)[^，。！？]{0,4}(?:都)?(?:认识|知道|看看|曝光|公示|清楚|晓得)`,
    ],
    'lender',
  ),
  ...phrases(
    'exposure',
    [
      '(?:你们?|你们公司|贵司)?(?:的)?(?:经理|员工|经办|客服|催收(?:员)?|工号|领导|老板)(?:的)?[^，。！？]{0,4}(?:身份证|手机号|电话|照片|姓名|名字|住址|地址|信息)[^，。！？]{0,8}(?:挂|贴|公开|曝光|公布|放到|放在|发到|人肉)|(?:全网|网上)(?:公开|曝光|人肉)(?:你们?|他|她)|你(?:们)?(?:家)?[^，。！？]{0,10}我(?:也|都)?(?:能|会|要)(?:发|挂|曝|贴)(?:出去|上网|网上)',
    ],
    'borrower',
  ),
  ...phrases(
    'false-authority',
    [
      `${OFFICE_ZH}[^，。！？不没无]{0,12}${SEIZE_ZH}|(?:我|我们|这里|这边|本人)(?:这边|这里)?(?:就)?(?:是|姓)[^，。！？不]{0,14}(?:警官|大队|支队|法官|法庭|检察官|稽查|执法|专案组|公安|派出所|法院|司法|政府|金管局|银监|专员(?=[，。]|$))`,
      '(?:子女|孩子|儿子|女儿|后代|小孩)[^，。！？]{0,4}(?:不能|无法|别想|过不了|考不了|不许|没法)[^，。！？]{0,6}(?:上学|读书|入学|考公|考公务员|当兵|参军|政审)|(?:孩子|子女|儿子|女儿|考公|公务员|当兵|参军)[^，。！？]{0,4}政审[^，。！？]{0,5}(?:过不了|通不过|不过|不合格|完)|开除(?:公职|学籍|党籍)',
      '(?:微信|支付宝|手机号|银行卡|身份证|社保|名下[^，。！？]{0,4}账户)[^，。！？不]{0,14}(?:封掉|封了|被封|封停|冻结|停用|锁死|锁了|注销掉?)|(?:有权|授权(?:我们|我司|给我)|可以直接)[^，。！？不]{0,6}(?:划扣|扣划|冻结|查封|抓|拘)|(?:网上|在)逃(?:犯|人员)?|(?:通缉|追逃)(?:名单|令|人员)|判(?:你|您)?[一二三五六七八九十两\\d]{1,2}年|(?:就|都|会)是诈骗罪|(?:让|叫|通知|联合|要求)(?:各(?:大|家))?银行[^，。！？不]{0,10}(?:停|冻|封|锁|扣)|刑事强制|强制措施|警务处|边控|(?:法院|公安|警)(?:的)?车[^，。！？不]{0,8}(?:出发|去|到)|警官证|拘传|自首|牢饭|(?:蹲|坐)[^，。！？]{0,3}(?:大牢|牢|监)|终身(?:污点|禁入)|当不了兵|考不了公',
      `${OFFICE_ZH}[^，。！？不没无]{0,8}(?:签发|批准|下达|下发|发出)[^，。！？]{0,4}(?:令|证|通知|文书|票)|${OFFICE_ZH}[^，。！？不没无]{0,6}(?:收到名单|列入|黑名单|派人|贴封条|备案)|(?:司法|国家|公安|法院)(?:机关|部门)?的?(?:最后)?(?:通知函|通告|催告|通牒)|直接判(?:刑|决)|视为(?:法院)?送达`,
    ],
    'lender',
  ),
  ...phrases('ultimatum', [
    '(?:今天|今晚|现在|这)(?:就)?是(?:你的|您的)?最后(?:的)?期限|没有明天|没(?:有)?(?:任何)?(?:商量|回旋)(?:的)?余地|过(?:时|期)不候|机会(?:只有|就)(?:这)?一次|最后(?:的)?(?:一次)?(?:机会|通牒|警告)|(?:别|不要|莫)后悔(?=[，。！]|$)|(?:统统|全部|一律|概)(?:都)?(?:作废|不算数|不受理)|(?:不再|不会再|别想再|就别|不用再?)(?:跟|和|与)?(?:你|您|我|咱|咱们|我们)?(?:们)?(?:聊|谈|商量)(?:了|下去)?(?=[，。！]|$)|免谈',
    '(?:不(?:同意|要|签|行|干)|不(?:还|付|接受))(?:就|那就)?(?:拉倒|算球|滚|免谈|走着瞧)|要就要|不要就(?:算了|拉倒)|(?:爱|愿)(?:要|签|还|接受)(?:不|不愿)?(?:要|签|还|接受)|(?:你们?|您|自己)(?:自己)?看着办|按最坏的|数(?:到|三)(?:三|声|下)|(?:一切)?后果(?:自负|很严重|严重|你负|自己(?:承担|负责|掂量))|等着后果',
    '(?:给|限)(?:你|您|你们)(?:最后)?[^，。！？]{0,2}[\\d一二两三四五六七八九十半]{1,3}(?:个)?(?:小时|钟头|分钟|钟)(?:内|之内|以内|的时间)?|(?:点|时|天|晚|前|日)(?:之?前)?(?:见不到|没见到|收不到|不到账|没到账)(?:钱|款|账)?[^。！？]{0,8}(?:就)?(?:别|不|免|后果|起诉以外)',
    '(?:不会|不)再(?:给|跟)(?:你|您)打[^，。！？]{0,5}电话|(?:后面|以后|往后|否则)?(?:一律|坚决|绝对)不(?:配合|还|谈|接|理)|不(?:降|减|免|改)到[^。！？]{0,12}不(?:还|配合|谈|签)|(?:再)?不(?:接受|同意|答应)(?:就|我就)(?:拉黑|注销|消失|破产)|(?:超过|过了)[^，。！？]{0,5}(?:点|时)[^，。！？]{0,3}(?:就)?(?:按全额|全额|一分不减|不减)|二选一|是还是不还|还还是不还',
    '(?:不|没)(?:免|减|同意|答应|降|给|停)[^，。！？]{0,8}(?:就|我就|那)?(?:别想|休想|甭想|一分(?:钱)?(?:都|也)?(?:不|没|别)|不还了?|不会还)|(?:再)(?:打|来|发)[^，。！？]{0,8}(?:就|我就)?(?:彻底|坚决|再也|永远)?不(?:还|接|谈|理)了|(?:多|少)?一分(?:钱)?(?:都|也)?(?:没有|不给|不还|别想|不会还)|(?:谁|再)[^，。！？]{0,5}(?:都|也)不接了',
  ]),
  ...phrases('despair', [
    '(?:闭|合)(?:上)?(?:双)?眼(?:睛)?[^，。！？]{0,3}(?:再也|永远|就)?不(?:再|用|想|要)?(?:醒|睁)|(?:来世|来生|下辈子|下一世)[^，。！？]{0,3}(?:再|才)(?:还|报|见|做牛)|死路一条|(?:站|坐|走)(?:在|到)?(?:了)?(?:桥|楼顶|天台|江边|河边|海边|窗台|轨道)(?:上|边|旁)?[^。！？]{0,6}(?:想|很久|好久|往下|犹豫)|(?:世界|世上|家里|大家)[^，。！？]{0,3}(?:没有|没了|少了)我',
    '(?<!医生.{0,8})药(?:已经|都|就)(?:放|摆|搁)(?:在|到)(?:床头|手边|面前|枕边|桌上)(?=[，。！]|$)|(?:没|没有)(?:什么|啥)?(?:可|好|值得)?留恋|先走一步|死[^，。！？]{0,3}(?:不疼|不痛|痛快|没痛苦)|一死(?:了之|百了)|再逼我[^。！？]{0,6}跳',
    '(?:结束|了结|解决)(?:这|掉|了)?(?:一切|自己|所有|生命|这条命|痛苦的一生)|一了百了|(?:我)?(?:走|不在|没|去)了?(?:以后|之后|后)[^，。！？]{0,6}(?:别|不要|请)[^，。！？]{0,6}(?:为难|找|打扰|骚扰|逼)|(?:想|要|去)(?:从)?[^，。！？]{0,4}(?:楼|桥|窗)[^，。！？]{0,3}跳|(?:准备|买|备|攒|藏)(?:好|了|够|下)+[^，。！？]{0,3}(?:农药|安眠药|绳子|炭|百草枯|刀片|药)(?=[，。！]|$)|不想做人',
  ]),
];

const CIRCLE_EN =
  '(?:famil(?:y|ies)|wife|husband|partner|spouse|fianc[eé]e?|mother|father|mum|mom|dad|parents?|kids?|child(?:ren)?|sons?|daughters?|siblings?|brothers?|sisters?|in-laws?|relatives?|girlfriend|boyfriend|friends?|contacts?|phone ?book|address book|neighbou?rs?|landlord|boss|manager|employer|supervisor|hr(?: department)?|human resources|office|workplace|colleagues?|co-?workers?|clients?|customers?|classmates?|teachers?|school|church|congregation|mosque|temple|club|team|guests?|facebook|instagram|community|village|town)';
/** What a circle comes to know of. */
const AFFAIR_EN = '(?:debts?|loan|owe|owing|money|this|about (?:it|you)|dirty|secret|truth|debtor|letter|notice|call)';

export const framesEn = [
  ...phrases('insult', [
    '\\b(?:you|u|your|ur|they|what kind of)[^.!?\\n]{0,24} (?:lying|filthy|cheap|worthless|dirty|greedy|heartless|pathetic|miserable|disgusting|good-for-nothing)\\b|\\b(?:lying|filthy|cheap|worthless|dirty|greedy|heartless|bloodsucking|blood-sucking) (?:\\w+ )?(?:piece of (?:trash|garbage|crap|dirt|work)|con ?(?:man|men|artists?)|crooks?|thie(?:f|ves)|liars?|vultures?|dogs?|pigs?|rats?|scum|animals?|parasites?|company|bastards?|thugs?|leech(?:es)?)\\b',
    '\\b(?:worse|lower|dumber) than (?:animals?|dogs?|pigs?|dirt|rats?)\\b|\\bhow (?:stupid|dumb|low|thick|pathetic) (?:can|could|are|do)\\b|\\bup (?:your|ur) (?:arse|ass)\\b|\\b(?:grow a spine|you coward)\\b',
    '\\b(?:parasites?|bloodsuckers?|vultures?|scum(?:bags?)?|low-?li(?:fe|fes|ves)|crooks?|leech(?:es)?|morons?|imbeciles?|idiots?|losers?|deadbeats?|a\\$\\$(?:holes?)?|@ss(?:holes?)?|loan sharks?)\\b(?<=\\b(?:you|your?|ur|u|of|are|r|a|an|bunch|pack|gang|these|those|dead|drop dead,|such|and|ing|all) ?(?:\\w+ ){0,3}\\w+\\$*\\w*)|\\b(?:go to hell|drop dead|screw (?:you|u)|eat (?:shit|dirt)|f\\W{0,4}(?:ing|off)\\b|rot in hell|damn you)|\\b(?:disgusts? me|make(?:s)? me sick|waste of (?:space|air|oxygen))\\b',
    // Chinese typed by its sounds.
    '\\b(?:nmsl|cnm|sb|tmd|lao ?lai|sha ?bi|sha ?diao|fei ?wu|bu ?yao ?lian|wang ?ba ?dan|hun ?dan|nao ?can|jian ?ren|ben ?dan|chu ?sheng|cao ?ni ?ma|ni ?ma ?de|wo ?cao|gun ?dan|pian ?zi|wo ?nang ?fei|bai ?chi)\\b',
  ]),
  ...phrases('threat', [
    '\\b(?:make|making) (?:your|ur) (?:life|days?|nights?) (?:\\w+ )?(?:hell|unpleasant|miserable|difficult|a misery|hard)\\b|\\bcareful (?:when|where|how) you (?:\\w+ ){0,2}(?:start|walk|drive|sleep|park|go|step)\\b',
    "\\b(?:hurt|kill|beat|stab|shoot|smash|break|burn|crush|bury|strangle|torch|wreck)(?:ing)? (?:up |down )?(?:you|u|him|her|them|somebody|someone|your|ur|the) ?(?:\\w+ ){0,2}(?:up|down|legs?|arms?|face|faces|bones?|door|windows?|car|house|office|place|home|neck|teeth)?\\b(?<=\\b(?:i|we|we'll|i'll|gonna|going to|will|to|guys|people|somebody|team|and|come|there)\\b[^.!?]{0,90})|\\bdead (?:man|woman|meat)\\b|\\b(?:i have|i've got|got|bring(?:ing)?) (?:a |my )?(?:knife|gun|petrol|gasoline|bat|hammer)\\b|\\bnothing (?:left )?to lose\\b|\\bgets? a bullet\\b|\\bcatch(?:es)? fire\\b|\\bways of making (?:you|people)\\b|\\bbad things (?:will |could |can )?happen\\b",
    "\\b(?:it )?(?:would|'d) be (?:a )?(?:shame|pity)(?: if| for)\\b[^.!?]{0,40}\\b(?:happen|anything|something)|\\b(?:sleep with one eye|watch your back|look over your shoulder|accidents? happens?|see what happens(?: to you)?|you(?:'ll| will) (?:regret|be sorry|wish you)|nice (?:family|house|car|kids?)(?: you)?(?: \\w+){0,3} (?:have|got|there))\\b",
    '\\b(?:send|bring|get|have)(?:ing)? (?:\\w+ ){0,3}(?:people|guys|men|boys|lads|team|someone|somebody) (?:\\w+ ){0,3}(?:to|over|round|around)(?: \\w+){0,3} (?:break|kick|smash|door|home|house|visit)|\\b(?:kick|break|smash)(?:ing)? (?:your|ur|the) (?:\\w+ )?door (?:down|in)\\b|\\bknow where (?:you|u|your) (?:\\w+ ){0,3}(?:live|lives?|work|works|school|sleep|park|shop|stay|goes?|go)\\b|\\bfind you and\\b',
  ]),
  ...phrases(
    'exposure',
    [
      `\\b(?:your|ur)(?: [\\w']+){0,3} ${CIRCLE_EN}\\b[^.!?\\n]{0,8} (?:will|would|gonna|going to|is going to|are going to|'ll|gets?|is about to|hears?|knows?|learns?|finds?)\\b[^.!?\\n]{0,40}\\b${AFFAIR_EN}\\b|\\b(?:wait (?:till|until)|let's see what|imagine (?:when|if|what)|what (?:will|would)|how (?:will|would)) (?:your|ur)(?: [\\w']+){0,2} ${CIRCLE_EN}\\b`,
      `\\b(?:every(?:one|body)?|all|each)(?: \\w+){0,4} (?:your|ur)(?: \\w+){0,2} ${CIRCLE_EN}\\b[^.!?\\n]{0,30}|\\b(?:shall|should) i (?:\\w+ ){0,3}(?:your|ur|her|him|them|it)\\b|\\b(?:have|got|here's)(?: \\w+){0,2} (?:your|ur) ${CIRCLE_EN}(?:'?s)? (?:number|phone|address|email)\\b|\\bdo you (?:really )?want (?:your|ur) [^.!?\\n]{1,24} to (?:know|hear|find|see|learn)\\b|\\bnotice on (?:your|ur) (?:door|gate|car)\\b|\\b(?:post|upload|share|publish)(?:ing)? (?:your|ur) (?:name|photo|picture|face|details)\\b`,
    ],
    'lender',
  ),
  ...phrases(
    'false-authority',
    [
      "\\b(?:police|officers?|cops?|sheriff|bailiffs?|detectives?|interpol|immigration|customs|the (?:court|judge|prosecutor|government|ministry))\\b(?:(?!\\bnot\\b|n't\\b|\\bnever\\b)[^.!?\\n]){0,40}\\b(?:on (?:the|their) way|detain|arrest|stop you|take you|seize|take your|come (?:for|tomorrow|today|tonight)|comes? (?:tomorrow|today|tonight)|been informed|found you guilty|signed an order|looking for you|pick you up|at the airport)\\b",
      "\\b(?:i am|i'm|this is|we are|we're|calling from|speaking from)(?: \\w+){0,5} (?:officer|inspector|detective|judge|prosecutor|bailiff|sheriff|marshal|(?:police|fraud|enforcement|court|government|justice|crime|ministry)(?: \\w+){0,4})\\b|\\b(?:serve|do|doing|serving) time\\b|\\bis a crime\\b|\\bcriminal (?:suspect|case|charge|record|offence|offense)\\b|\\b(?:you are|you're) (?:now )?(?:a )?wanted\\b|\\b(?:licen[cs]e|passport|visa|id card) (?:will be |is |be |been )?(?:revoked|cancelled|canceled|suspended|blocked)\\b|\\bpower to (?:freeze|seize|arrest|take|block)\\b",
    ],
    'lender',
  ),
  ...phrases('ultimatum', [
    "\\b(?:or|and then|before) we(?:'re| are) (?:done|finished|through)(?: talking| here| with you)?\\b|\\b(?:deal|offer)s? (?:is|are) (?:off|gone)\\b|\\b(?:withdrawn|off the table) (?:forever|for good|for ever)\\b|\\bnow or never\\b|\\bnot a minute (?:longer|more)\\b|\\bor else\\b|\\bface the consequences\\b|\\bwithin the (?:hour|next hour)\\b|\\b(?:last|final) (?:chance|warning|ultimatum)\\b|\\bno (?:more|further|second) (?:chances?|talks?|warnings?)\\b|\\bnothing (?:more |left )?to (?:discuss|talk about|negotiate)\\b|\\byou (?:have|'ve got|got) (?:\\w+ )?(?:one|two|three|four|five|six|ten|twelve|twenty-four|thirty|\\d{1,2}) (?:hours?|minutes?)\\b",
    "\\b(?:take it or leave it|not (?:paying|pay) (?:a |one )?(?:cent|penny|yuan) more|you(?:'ll| will) (?:never see|get (?:zero|nothing|no money))|or you get (?:zero|nothing)|(?:i|and) (?:walk away|pay nothing)|either you [^.!?\\n]{1,40} or (?:you|i)|agree (?:by|before|now|today|tonight)[^.!?\\n]{0,20} or)\\b",
  ]),
  ...phrases('despair', [
    "\\b(?:sleep|go to sleep|close my eyes|fall asleep) and (?:never|not) (?:wake|open)|\\b(?:just )?(?:want|wish|like|need) to (?:disappear|vanish)(?: forever| for good| for ever)?\\b|\\b(?:if|when|once|after) i(?:'m| am| was)? (?:died?|dead|gone)\\b|\\b(?:bought|have|got|saved up|counted) the (?:pills|rope|tablets)\\b|\\bit will (?:all )?be over soon\\b|\\bnot? (?:be|want to be) here any ?more\\b|\\bbetter off without me\\b|\\bend(?:ing)? it all\\b|\\btell my (?:kids|children|family|wife|husband|mother|mum|mom|parents|son|daughter) (?:that )?i love\\b|\\b(?:don't|do not|won't|not) (?:think (?:i|i'll|i will) )?(?:will |'ll )?make it (?:through|past|to) (?:the |this )?(?:night|tonight|tomorrow|week|morning)\\b|\\bno (?:reason|reasons) to (?:stay alive|live|go on)\\b|\\bno point (?:in )?(?:living|going on|being alive)\\b",
  ]),
];

/** What tells that something does not happen, with what it is: 不会因为还不上而坐牢, nobody goes to jail. */
export const toldOfZh = [
  /过了(?:今天|今晚|这个月|期限)[^，。！？]{0,2}(?:可以|也可以|还可以|仍可)/gu,
  /(?:自称|冒充|假冒|假扮|谎称)[^，。！？]{0,20}/gu,
  /(?:孩子|子女|儿子|女儿|上学|读书|当兵|考公|政审|护照|出境|高铁|社保|工资)[^，。！？]{0,12}(?:不受影响|没有影响|不影响|不会受)[^，。！？]{0,4}/gu,
  /(?:不具有|没有|不享有|不是|并无)[^，。！？]{0,6}(?:执法权|执法|权力)/gu,
  /(?:不会|不能|不可能|并不会?|没有人会?|不用担心|无需担心)[^，。！？]{0,12}(?:坐牢|判刑|被抓|拘留|犯罪|逮捕|抓人)/gu,
  /(?:怎样|怎么|如何|什么时候|能不能|可不可以)(?:才)?(?:能|可以)?[^，。！？]{0,3}(?:一次性|全部|提前)(?:还清|结清|还完)/gu,
  /(?:如果|若|要是|如|倘若)(?:您|你)?(?:现在|真的|曾)?(?:有|感到|觉得|出现|正在经历)[^，。！？]{0,10}/gu,
];
export const toldOfEn = [
  /\bcut myself (?:while|when|shaving|cooking|on|with a (?:kitchen )?knife (?:while|when|cooking))\b/gu,
  /\b(?:no ?body|no one|nobody ever|cannot|can't|won't|will not|don't|do not|never) (?:\w+ ){0,3}(?:jail|prison|arrested|a crime)\b/gu,
];
