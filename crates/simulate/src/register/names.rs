//! Names of people who do not exist: common surnames by how common they are, given names by sex and age.

use crate::random::Random;

/// Surnames, each with about how many of ten thousand people bear it.
const SURNAMES: &str = "王720 李700 张680 刘540 陈450 杨310 赵270 黄230 周210 吴200 徐170 孙160 胡130 朱130 高120 林110 何110 \
    郭110 马105 罗86 梁84 宋81 郑78 谢72 韩68 唐65 冯64 于62 董61 萧59 程57 曹57 袁54 邓54 许53 傅51 沈50 曾50 彭49 吕47 \
    苏46 卢45 蒋45 蔡44 贾42 丁41 魏40 薛39 叶38 阎37 余36 潘35 杜34 戴33 夏32 钟31 汪30 田30 任29 姜29 范28 方28 石27 姚27 \
    谭26 廖26 邹25 熊25 金24 陆24 郝23 孔23 白22 崔22 康21 毛21 邱20 秦20 江19 史19 顾18 侯18 邵18 孟17 龙17 万16 段16 雷15 \
    钱15 汤15 尹14 黎14 易13 常13 武13 乔12 贺12 赖12 龚11 文11";
const MEN: &str = "伟强磊洋勇军杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢佳建国志文武德福贵全有生永安兴发成才荣富春海山\
    江河云庆祥和平光东西南北学正义仁礼智信忠孝廉金银根土水木火长顺友良玉宝卫红新民保家守业栋梁松柏峰岭岩石虎豹元亨利贞";
const WOMEN: &str = "芳娜敏静丽艳娟霞秀英华慧玲燕萍红玉兰桂凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉桃花莎\
    黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希欣飘育";

/// Draws names.
pub(super) struct Names {
    surnames: Vec<(char, u64)>,
    total: u64,
    given: [Vec<char>; 2],
}

impl Names {
    pub(super) fn new() -> Self {
        let entries = SURNAMES.split_whitespace().filter_map(|entry| {
            let mut characters = entry.chars();
            let surname = characters.next()?;
            Some((surname, characters.as_str().parse().ok()?))
        });
        let surnames: Vec<(char, u64)> = entries.collect();
        let list = |text: &str| {
            text.chars()
                .filter(|character| !character.is_whitespace())
                .collect()
        };
        Self {
            total: surnames.iter().map(|(_, share)| share).sum(),
            surnames,
            given: [list(MEN), list(WOMEN)],
        }
    }

    pub(super) fn surname(&self, random: &mut Random) -> char {
        let mut left = random.below(self.total);
        for (surname, share) in &self.surnames {
            match left.checked_sub(*share) {
                Some(rest) => left = rest,
                None => return *surname,
            }
        }
        '王'
    }

    /// One character of six, two else; the first of the list are the more common ones.
    pub(super) fn given(&self, woman: bool, random: &mut Random) -> String {
        let list = &self.given[usize::from(woman)];
        let mut draw = || {
            let end = list.len() as u64;
            let place = random.below(end).min(random.below(end));
            usize::try_from(place)
                .ok()
                .and_then(|place| list.get(place))
                .copied()
                .unwrap_or('平')
        };
        let (first, second) = (draw(), draw());
        if random.below(6) == 0 {
            first.into()
        } else {
            [first, second].iter().collect()
        }
    }

    /// Another character of names with the same sound.
    pub(super) fn homophone(&self, of: char, random: &mut Random) -> Option<char> {
        let all = self
            .given
            .iter()
            .flatten()
            .chain(self.surnames.iter().map(|(surname, _)| surname));
        let alike: Vec<char> = all
            .copied()
            .filter(|other| *other != of && linkage::han::sound_alike(of, *other))
            .collect();
        pick(&alike, random)
    }
}

/// One of a list.
pub(super) fn pick<T: Copy>(list: &[T], random: &mut Random) -> Option<T> {
    usize::try_from(random.below(list.len() as u64))
        .ok()
        .and_then(|place| list.get(place))
        .copied()
}
