//! What Chinese characters have in common: the same sound, the same character in the other script, nearly the same shape.
//!
//! The sounds are those of the crate `pinyin`, without tones and, of a character with several, the most common one; they
//! are laid out once as a table of 20,992 small numbers. The pairs of scripts and the groups of shapes are facts,
//! written down by hand for characters of names and addresses: a character that is not among them is only like itself.

use std::collections::HashMap;
use std::sync::OnceLock;

use pinyin::ToPinyin as _;

/// First of the unified ideographs.
const FIRST: u32 = 0x4E00;
/// How many there are.
const COUNT: usize = 0x5200;

/// Traditional (or otherwise variant) and simplified, one after the other.
const SCRIPTS: &str = "張张陳陈劉刘楊杨黃黄趙赵吳吴孫孙馬马羅罗鄭郑謝谢許许韓韩馮冯鄧邓蕭萧葉叶呂吕蘇苏盧卢蔣蒋賈贾閻阎\
    潘潘鍾钟譚谭鄒邹陸陆萬万賴赖嚴严龍龙喬乔錢钱湯汤華华偉伟國国軍军強强麗丽豔艳艷艳傑杰蘭兰鳳凤貴贵蓮莲紅红\
    愛爱蕓芸雲云濤涛鵬鹏輝辉東东寶宝慶庆榮荣蓉蓉維维綱纲紹绍緒绪綺绮綠绿繼继縉缙績绩織织纖纤純纯紀纪約约紋纹絲丝\
    綿绵麥麦鳥鸟鴻鸿鶴鹤鷹鹰鳴鸣魚鱼鮑鲍魯鲁龔龚龐庞寧宁賓宾實实寫写憲宪宮宫業业樂乐樹树橋桥檢检權权歐欧歡欢\
    歲岁歷历殘残漢汉澤泽潔洁濟济瀾澜灣湾漁渔溫温滿满滅灭潤润瓊琼環环璽玺瑩莹瑪玛瑋玮珍珍瑤瑶畢毕畫画異异當当\
    發发盡尽監监盤盘眾众睜睁碩硕禮礼禎祯穀谷穎颖穩稳窮穷競竞筆笔節节範范簡简籃篮糧粮經经縣县總总繡绣羨羡義义\
    習习翹翘聖圣聰聪聯联聲声職职肅肃勝胜脈脉腦脑興兴舉举舊旧艱艰藝艺節节莊庄菸烟薔蔷薩萨藍蓝藥药蘆芦蘋苹虎虎\
    處处號号虧亏蝦虾螢萤衛卫衝冲裝装補补見见規规親亲覺觉觀观計计訓训記记訪访設设詠咏詩诗詳详誠诚語语誼谊調调\
    談谈請请諸诸諾诺謙谦講讲譯译議议護护讀读變变讓让豐丰貝贝財财賀贺質质賢贤購购賽赛贊赞贏赢趕赶跡迹踐践車车\
    軒轩輔辅輕轻轉转農农達达遠远適适選选遷迁遲迟邊边郵邮鄉乡鄰邻醫医釗钊針针鈞钧鈺钰鉅巨銀银銅铜銘铭鋒锋鋼钢\
    錦锦鎖锁鎮镇鏡镜鐘钟鐵铁鑫鑫長长門门開开閔闵間间閣阁關关陰阴陽阳階阶際际隊队隨随險险雙双雞鸡離离難难電电\
    靈灵靜静韋韦響响頂顶順顺須须預预頓顿領领頭头顏颜題题類类顧顾風风飛飞飼饲館馆駒驹駿骏騰腾驍骁驗验驚惊體体\
    鬆松點点黨党齊齐齡龄龜龟來来侖仑倫伦偲偲側侧傳传債债儀仪億亿儉俭優优兒儿兩两冊册凱凯別别剛刚創创劍剑勁劲\
    動动務务勞劳勵励勻匀匯汇區区協协單单衛卫厲厉參参員员問问啟启啓启喚唤嘯啸嚮向園园圍围圓圆團团執执堅坚報报\
    場场塊块墻墙壯壮壽寿夢梦奪夺奮奋婁娄婦妇媽妈嫻娴嬋婵學学孿孪將将專专尋寻對对導导屆届層层屬属崗岗嶺岭嶽岳\
    峽峡巖岩帥帅師师帳帐帶带幫帮幹干幾几庫库廟庙廠厂廣广廳厅張张彌弥彎弯彥彦後后從从復复德德徹彻恆恒恥耻悅悦\
    惡恶惠惠慧慧懷怀應应戀恋戰战戶户掃扫揚扬換换揮挥撿捡擁拥擇择擔担據据攜携敘叙敵敌數数斷断於于時时晉晋晝昼\
    暉晖暢畅曉晓曆历會会朧胧條条棟栋棗枣楓枫榆榆槍枪構构樓楼標标樞枢樣样機机櫻樱沖冲決决況况淚泪淨净淵渊\
    溝沟滄沧漸渐潛潜濱滨瀟潇灑洒災灾為为烏乌無无煉炼煒炜煥焕燈灯燁烨燕燕營营爐炉爭争爺爷爾尔牆墙獅狮獎奖\
    獨独獻献瑰瑰產产畝亩疊叠痩瘦療疗皚皑盜盗盞盏矯矫祿禄禪禅種种稱称積积";

/// Groups of characters that are mistaken for one another on paper and by machines that read, a space between groups.
const SHAPES: &str = "己已巳 未末 土士 天夭 人入八 日曰 千干于 午牛 明朋 王玉主 大太犬 田由甲申 木本术 刀力 又叉 季李 \
    陈阵 杨扬 玲铃 桂挂 辉挥晖 伟纬 洪供 梅海 治冶 余佘 毫豪 侯候 祥详 微徽 莹萤 贝见 风凤 乌鸟 宇字 仑仓 \
    竞竟 亨享 崇祟 壁璧 徒徙 戊戌戍 免兔 泠冷 普晋 昌冒 园圆 吴昊 建健 俊峻骏浚 晓哓 丽俪 红江 刘列 孙孔 \
    朱未 何柯河 林材 郭廓 罗萝 梁粱 宋宗 郑邓 韩朝 唐康 冯马 董重 程裎 曹遭 袁哀 许汗 傅博 沈沉 曾会 彭鼓 \
    吕品 苏办 卢户 蒋将 蔡祭 丁了 魏巍 薛薜 叶汁 阎闫 潘播 杜社 戴载 夏复 钟种 汪注 任仕 姜美 范苑 方万 石右 \
    姚桃 谭潭 廖寥 邹皱 熊態 金全 陆际 郝赤 白自 崔催 毛手 邱丘 秦泰 史吏 顾须 邵绍 孟盂 龙尤 段假 雷霍 钱线 \
    汤扬 尹伊 易昜 常堂 武斌 乔桥 贺贸 赖懒 龚袭 文丈 军车 强弦 敏繁 静睛 勇男 杰木 娟捐 艳绝 涛寿 超起 秀季 \
    霞露 平干 刚钢 芳劳 燕蒸 英莫 华毕 玉五 萍苹 红虹 娜哪 莉利 婷停 雪雷 慧彗 倩情 琴琹 云去 莲连 兰三 凤夙 洁浩 \
    春舂 菊掬 香番 月用 飞气 鹏朋 鑫金 波披 斌赋 宁丁 浩洁 凯饥 健建 俊俏 帆机 坤坷 昆晃 东车 民氏 永水 成戌 志忘 \
    村材 组姐 镇慎 号另 乡幺 庄压 沟钩 坪评 湾弯 坝贝 岭领 屯电 寨赛 堡保";

struct Tables {
    /// Of each ideograph the number of its sound, zero where it has none.
    sounds: Vec<u16>,
    /// Of each ideograph the simplified one.
    simple: Vec<char>,
    /// Of each ideograph where the numbers of the groups it stands in begin; those of the next one end them.
    shape_starts: Vec<u16>,
    shapes: Vec<u16>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let (shape_starts, shapes) = shapes();
        Tables {
            sounds: sounds(),
            simple: simple(),
            shape_starts,
            shapes,
        }
    })
}

fn sounds() -> Vec<u16> {
    let mut numbers: HashMap<&'static str, u16> = HashMap::new();
    let characters = (FIRST..).take(COUNT).map(char::from_u32);
    characters
        .map(|character| {
            let Some(sound) = character.and_then(|character| character.to_pinyin()) else {
                return 0;
            };
            let next = u16::try_from(numbers.len() + 1).unwrap_or(0);
            *numbers.entry(sound.plain()).or_insert(next)
        })
        .collect()
}

fn scripts() -> HashMap<char, char> {
    let mut characters = SCRIPTS.chars().filter(|character| !character.is_whitespace());
    let mut pairs = HashMap::new();
    while let (Some(traditional), Some(simplified)) = (characters.next(), characters.next()) {
        if traditional != simplified {
            pairs.insert(traditional, simplified);
        }
    }
    pairs
}

fn simple() -> Vec<char> {
    let pairs = scripts();
    let characters = (FIRST..).take(COUNT).filter_map(char::from_u32);
    characters
        .map(|character| pairs.get(&character).copied().unwrap_or(character))
        .collect()
}

fn shapes() -> (Vec<u16>, Vec<u16>) {
    let mut groups: Vec<(usize, u16)> = Vec::new();
    for (number, group) in (0..).zip(SHAPES.split_whitespace()) {
        groups.extend(group.chars().filter_map(place).map(|place| (place, number)));
    }
    groups.sort_unstable();
    let starts = (0..=COUNT).map(|place| groups.partition_point(|(other, _)| *other < place) as u16);
    (
        starts.collect(),
        groups.iter().map(|(_, number)| *number).collect(),
    )
}

/// Whether it is one of the unified ideographs.
pub fn is_han(character: char) -> bool {
    place(character).is_some()
}

fn place(character: char) -> Option<usize> {
    let place = usize::try_from(u32::from(character).checked_sub(FIRST)?).ok()?;
    (place < COUNT).then_some(place)
}

/// The simplified character of a traditional one, any other unchanged.
pub fn simplified(character: char) -> char {
    place(character)
        .and_then(|place| tables().simple.get(place))
        .copied()
        .unwrap_or(character)
}

/// The number of a character's sound, without its tone; none where it has none. Traditional and simplified have the same.
pub fn sound(character: char) -> Option<u16> {
    let number = tables().sounds.get(place(simplified(character))?).copied()?;
    (number > 0).then_some(number)
}

/// Whether two characters differ and are spoken alike, tones aside.
pub fn sound_alike(left: char, right: char) -> bool {
    sound(left).is_some_and(|sound_left| sound(right) == Some(sound_left))
}

/// Whether two characters are easily mistaken for one another by their shape.
pub fn shape_alike(left: char, right: char) -> bool {
    let tables = tables();
    let groups = |character: char| {
        let place = place(simplified(character))?;
        let from = usize::from(*tables.shape_starts.get(place)?);
        let to = usize::from(*tables.shape_starts.get(place + 1)?);
        tables.shapes.get(from..to)
    };
    let (left, right) = (
        groups(left).unwrap_or_default(),
        groups(right).unwrap_or_default(),
    );
    left.iter().any(|group| right.contains(group))
}

/// The characters with which a name may have been written instead, by shape; for making errors on purpose.
pub fn mistaken_for(character: char) -> Vec<char> {
    let groups = SHAPES
        .split_whitespace()
        .filter(|group| group.contains(character));
    groups
        .flat_map(str::chars)
        .filter(|other| *other != character)
        .collect()
}

/// The traditional form of a simplified character, if it has one here.
pub fn traditional(character: char) -> Option<char> {
    let all = (FIRST..).zip(&tables().simple);
    let mut others = all.filter_map(|(number, simple)| {
        char::from_u32(number).filter(|other| *simple == character && *other != character)
    });
    others.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_scripts_is_made_of_whole_pairs() {
        let count = SCRIPTS
            .chars()
            .filter(|character| !character.is_whitespace())
            .count();
        assert_eq!(count % 2, 0);
        for (traditional, simplified) in scripts() {
            assert_eq!(
                sound(traditional),
                sound(simplified),
                "{traditional} {simplified}"
            );
            assert!(is_han(traditional) && is_han(simplified));
        }
        assert_eq!(simplified('陳'), '陈');
        assert_eq!(simplified('豐'), '丰');
        assert_eq!(simplified('積'), '积');
    }

    #[test]
    fn characters_are_alike_by_sound_or_by_shape_or_not_at_all() {
        for (left, right, by_sound, by_shape) in [
            ('伟', '玮', true, false),
            ('張', '章', true, false),
            ('李', '季', false, true),
            ('己', '已', false, true),
            ('陈', '阵', false, true),
            ('楊', '扬', true, true),
            ('王', '李', false, false),
            ('a', 'a', false, false),
        ] {
            assert_eq!(sound_alike(left, right), by_sound, "{left} {right}");
            assert_eq!(shape_alike(left, right), by_shape, "{left} {right}");
        }
    }

    #[test]
    fn a_character_is_written_in_the_other_script_where_it_has_one() {
        assert_eq!(traditional('陈'), Some('陳'));
        assert_eq!(traditional('李'), None);
        assert!(mistaken_for('末').contains(&'未'));
    }
}
