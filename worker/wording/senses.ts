/**
 * What words stand for, so that what is learned of one is known of its like: a leg and an arm, the aunt and the neighbour. Each line begins with a name for whoever reads it here.
 * In simple letters and small, as texts are folded (`text.ts`); several words are joined by `_`.
 */
const WORDS = `
you 你 您 你们 您们 恁 侬 贵司 贵行 you your you're you'll u ur yours yourself
me 我 我们 咱 咱们 俺 本人 老子 哥 爷 阿拉 i me my we our us i'm i'll we'll i've we've im mine
they 他 她 他们 她们 对方 有人 某人 他人 伊 he she they someone somebody they'll he'll bloke guy
lads 兄弟 弟兄 哥们 手下 道上 社会上 大哥 小弟 混混 打手 外访 我的人 几个人 lads boys fellas mates goons heavies crew thugs
lender 公司 平台 催收 客服 银行 业务员 外包 专员 贷款公司 网贷 同事们 lender bank agent collector company agency firm staff
family 爸 妈 爸妈 父母 父亲 母亲 爹 娘 爷爷 奶奶 外公 外婆 姥姥 姥爷 老婆 老公 媳妇 妻子 丈夫 太太 爱人 家人 家里 家里人 亲戚 亲友 亲属 岳父 岳母 丈母娘 老丈人 公公 婆婆 婆家 娘家 姐姐 妹妹 哥哥 弟弟 姐夫 嫂子 弟媳 叔叔 二叔 大伯 伯父 舅舅 大舅 小舅子 姑姑 姑妈 姨妈 小姨 二姨 表哥 表弟 表姐 表妹 堂哥 堂弟 侄子 外甥 未婚妻 未婚夫 女朋友 男朋友 对象 前妻 前夫 老豆 老母 阿妈 阿爸 老娘 老爹 老汉 mum mom mother dad father parents wife husband partner spouse family sister brother aunt auntie uncle cousin nan gran granny grandma grandmother grandad fiancée fiancé girlfriend boyfriend in-laws missus hubby relatives
children 孩子 小孩 娃 儿子 女儿 闺女 宝宝 孙子 孙女 小宝 子女 崽 kid kids child children daughter son baby girls lad boy
work 单位 老板 领导 同事 上司 主管 经理 人事 前台 工会 老细 工头 厂里 店里 学校 老师 班主任 校长 辅导员 导师 编制 employer boss manager office colleagues coworkers co-workers hr workplace school teacher headteacher supervisor foreman payroll
circle 通讯录 联系人 朋友圈 朋友 好友 邻居 街坊 小区 业主群 家长群 家族群 同学群 班级群 工作群 微信群 群里 村里 全村 村口 老家 街道 物业 居委会 客户 同学 室友 粉丝 contacts contact_list phonebook friends neighbours neighbors followers landlord clients customers flatmate street village church group_chat
public 网上 抖音 快手 微博 小红书 贴吧 头条 热搜 直播 曝光 公开 公示 横幅 大喇叭 喇叭 海报 传单 大字报 照片 头像 人肉 挂 facebook tiktok instagram linkedin online twitter internet post posting posted poster posters photo picture screenshot viral share shared tag tagging
tell 告诉 通知 知道 晓得 得知 听说 看看 发给 发到 寄给 寄到 转发 群发 传到 念 说说 聊聊 打招呼 宣传 揭 传 tell telling told know knows hear hears learn learned find_out found_out finds_out show informed inform
call 打电话 来电 电话 打给 联系 拨 致电 短信 发短信 语音 call calls calling phone ring ringing text texts rang contact contacted
body 腿 手 脚 胳膊 手指 手指头 手脚 脚筋 手筋 脑袋 头 脖子 眼睛 牙 肾 命 骨头 膝盖 肋骨 耳朵 狗腿 狗命 腰 脸蛋 leg legs knee knees kneecaps arm arms finger fingers neck teeth head skull face bones bone throat hands ribs jaw
weapon 刀 菜刀 砍刀 斧头 棍 铁棍 棍子 棒子 锤子 枪 汽油 火 油漆 红漆 炸药 砖头 硫酸 家伙 knife knives gun bat bats hammer axe petrol acid bricks crowbar match matches
harm 打 砍 砸 烧 捅 揍 弄死 打死 打断 整死 杀 剁 卸 废了 收拾 教训 弄残 弄 点了 放火 绑 绑架 堵 泼 扎 撞 掐 毁 break breaking broken smash smashed burn burned burnt beat beaten stab shoot kill killed hurt hit hitting punch destroy ruin crush snap
accident 意外 出事 车祸 摔 摔断 三长两短 着火 失火 事故 accident accidents brakes canal shame_if ambulance wheelchair stairs
watch 小心 当心 留神 注意 看好 等着 走着瞧 盯着 跟着 蹲 蹲守 watch careful mind be_careful sleep_with sorry_when
home 家 门口 楼下 家门 你家 地址 住址 门牌 几楼 车位 小区门口 house home door doorstep street address outside come_round come_over come_by car van garage
death 死 死了 去死 殡仪馆 花圈 棺材 火葬场 坟 陪葬 同归于尽 垫背 收尸 横尸 陪我 dead die dying death funeral coffin grave grave_yard hearse six_feet
self 跳楼 跳江 跳河 跳桥 跳下去 安眠药 农药 百草枯 割腕 遗书 遗言 天台 楼顶 阳台 绳子 上吊 卧轨 烧炭 自杀 轻生 自尽 了断 解脱 一了百了 寻短见 想不开 自残 药片 煤气 铁轨 江边 河边 桥上 suicide suicidal overdose pills noose rope bridge rooftop ledge wrists cutting self-harm tracks balcony
living 活 活着 活下去 活不下去 不想活 活够 醒 醒来 睁眼 睡过去 闭眼 消失 离开 走了 世上 人世 人间 人生 这辈子 来世 下辈子 没意思 没意义 累赘 拖累 alive live living wake wake_up existing exist disappear vanish life around goodbye farewell this_world here_anymore go_on burden better_off
pain 累 太累 绝望 痛苦 撑不住 撑不下去 熬 熬不住 扛不住 崩溃 黑暗 没希望 没路 走投无路 难受 受够 tired exhausted hopeless pointless empty numb worthless pain end_it give_up done unbearable darkness drowning
hospital 医院 住院 icu 急诊 手术 医生 病 生病 癌 化疗 受伤 骨折 药费 护理 复诊 hospital surgery doctor ill illness sick cancer nhs clinic treatment
police 公安 警察 警方 民警 派出所 经侦 刑警 警车 110 网警 警官 police officer officers cop cops detective constable cbi fbi
court 法院 法官 法庭 检察院 执行局 执行庭 仲裁委 仲裁 律师 传票 开庭 判决 起诉 诉讼 立案 强制执行 court judge judgment claim lawsuit solicitor lawyer bailiff bailiffs hearing summons warrant legal sue prosecutor
state 央行 人民银行 国家 政府 银监会 金融监管局 纪委 税务局 民政 社保 社保局 医保 档案 政审 征信 government ministry treasury tax_office central_bank immigration social_services visa benefits passport
crime 诈骗 犯罪 刑事 合同诈骗 恶意透支 坐牢 判刑 刑法 通缉 逃犯 网逃 老赖 失信 黑名单 嫌疑 三年 刑期 fraud criminal crime jail prison offence felony felon arrested arrest custody charges
seize 冻结 查封 拘留 逮捕 刑拘 抓 铐 扣押 划扣 限制出境 限制高消费 拉黑 吊销 注销 传唤 带走 停发 freeze frozen seize seized lock locked cancel cancelled cancelled revoke deport detained
pay 还 还钱 还款 付 付清 转 转账 结清 还清 清账 缴 交 到账 打钱 打款 入账 清零 补 凑 还上 pay pays paid paying payment repay repaid clear cleared settle settled transfer sent
all 全部 全额 一次性 一次 全款 一把 统统 所有 一分不差 连本带利 本息 整个 whole entire full everything every_penny all lot
month 每月 每个月 月月 每期 一个月 按月 月供 monthly a_month every_month per_month each_month instalment instalments emi
soon 今天 今晚 今日 明天 明早 明晚 后天 下午 中午 半夜 午夜 零点 下班前 月底 周末 立刻 马上 现在 今早 小时 分钟 之前 下周 下个月 下月 年前 年底 听日 today tonight tomorrow midnight noon now immediately by_friday o'clock hour hours monday tuesday wednesday thursday friday saturday sunday weekend next_week next_month christmas pm am
promise 保证 发誓 担保 绝对 肯定 一定 包在 承诺 说到做到 放心 百分百 没问题 绝不 打包票 拿命 promise guarantee guaranteed swear definitely word certain easily easy no_problem without_fail trust_me
else 否则 不然 要不然 要么 不是就 只有 只能 除非 otherwise or_else unless either else
refuse 免谈 没商量 没得商量 拉倒 不谈 别谈 没得谈 休想 别想 爱要不要 爱签不签 看着办 没门 不伺候 作废 一概 二话 废话 少废话 自己选 take_it leave_it final_answer no_deal nothing_else forget not_negotiable nonnegotiable
last 最后 最终 通牒 期限 机会 过时不候 仅此 耐心 last final warning ultimatum chance deadline patience expire expires
if 如果 要是 若 假如 再 再不 敢 倘若 一旦 if when once
may 可以 可能 能 可 能不能 可否 是否 或者 也可 may might can could would wondering whether option
right 有权 依法 权利 投诉 举报 报警 申诉 维权 12378 12348 消协 合规 按规定 规定 依约 按合同 complain complaint complaints ombudsman regulator entitled dispute rights appeal report reported
please 请 麻烦 谢谢 感谢 多谢 劳驾 辛苦 拜托 望 恳请 唔该 please thanks thank thank_you kindly cheers appreciate grateful
sorry 对不起 抱歉 不好意思 道歉 见谅 是我不对 赔不是 sorry apologise apologize apologies apology regret
need 困难 难处 失业 裁员 收入 工资 房租 学费 生活费 减免 延期 分期 展期 协商 申请 方案 hardship income salary wages rent budget afford plan extend extension reduce waiver lower spread
money 钱 元 块 万 千 百 本金 利息 罚息 违约金 费用 余额 money fee fees interest balance pounds quid dollars rupees penalty principal amount loan debt
paper 合同 协议 材料 流水 证明 截图 账单 明细 附件 凭证 表格 记录 回执 条款 公式 录音 statement contract agreement attached form document letter payslip clause record receipt recording
say 说 讲 骂 问 原话 威胁 恐吓 自称 冒充 喊 侮辱 扬言 告知 said says saying shouted threatened called_me asked claimed claims pretending pretended insulted warned
not 不 没 没有 别 未 无 不是 不会 不能 冇 唔 莫 勿 绝不 从不 从没 not no never don't doesn't didn't won't can't cannot isn't wasn't haven't hasn't without nothing none neither
fool 傻 蠢 笨 弱智 白痴 脑残 智障 脑子 智商 没脑子 猪脑 憨 瓜 idiot idiots stupid moron morons dumb dim thick brain brain-dead fool imbecile clueless halfwit
beast 狗 猪 畜生 畜牲 禽兽 癞蛤蟆 蛆 蛀虫 吸血鬼 老鼠 苍蝇 乌龟 王八 狼 vermin rat rats pig pigs dog dogs worm leech leeches parasite parasites snake vampires vultures scum
trash 废物 垃圾 人渣 渣滓 败类 窝囊废 烂人 下三滥 骗子 流氓 无赖 强盗 小人 混蛋 王八蛋 穷鬼 货色 东西 玩意 烂仔 废柴 trash garbage rubbish loser losers crook crooks thief thieves liar liars cheat clown clowns muppet muppets bastard bastards lowlife deadbeat deadbeats scrounger coward disgrace pathetic
shame 脸 脸皮 要脸 丢人 丢脸 羞 臊 可耻 无耻 没出息 良心 恶心 窝囊 哭穷 卖惨 装死 报应 shame ashamed embarrassment disgusting pathetic joke sob_story excuse greedy choke
swear 妈的 他妈 操 草 靠 滚 尼玛 屁 干恁 扑街 仆街 tmd nmsl cnm sb fuck fucking f*ck shit bollocks piss bloody arse damn screw bellend bellends tosser wanker
poor 穷 没钱 穷酸 借钱 欠钱 欠债 赖 赖账 broke skint poor owe owes owing
help 帮 照顾 陪 担心 安全 热线 12356 安心 保重 节哀 休息 体谅 理解 help support worried safe helpline counsellor listen understand care
end 完了 结束 到头 到此为止 尽头 最后一天 关灯 灭 沉 尽 over end ends stop finished final_day
write 信 写 写信 留言 留 letter note wrote written
rest 睡 睡觉 安静 清净 歇 躺 梦 sleep rest peace peaceful quiet lie_down
`;

type Node = { sense: number; next: Map<number, Node> };

/** `isFirst` tells by the last bits of a token whether one that ends so may begin a word: most begin none. */
type Senses = { root: Node; isFirst: Uint8Array };

export const FIRSTS = 1 << 14;

let known: Senses | undefined;

/** The words as a tree of their tokens; `hashesOf` tells the tokens of a word. It grows once. */
export function sensesBy(hashesOf: (word: string) => Iterable<number>): Senses {
  known ??= grown(hashesOf);
  return known;
}

function grown(hashesOf: (word: string) => Iterable<number>): Senses {
  const root: Node = { sense: 0, next: new Map() };
  WORDS.trim()
    .split('\n')
    .forEach((line, i) => {
      for (const word of line.split(' ').slice(1)) {
        let node = root;
        for (const hash of hashesOf(word.replaceAll('_', ' '))) {
          const next = node.next.get(hash) ?? { sense: 0, next: new Map() };
          node.next.set(hash, next);
          node = next;
        }
        node.sense = i + 1;
      }
    });
  const isFirst = new Uint8Array(FIRSTS);
  for (const hash of root.next.keys()) isFirst[hash & (FIRSTS - 1)] = 1;
  return { root, isFirst };
}
