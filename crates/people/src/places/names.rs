//! The forms of a place name: `定西市` is also `定西`, `凉山彝族自治州` also `凉山` and `凉山州`; and its English name.

/// Endings that say what kind of unit it is, the longest first.
const KINDS: [&str; 15] = [
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
    "州",
];

/// The peoples whose names stand before `自治`, without their `族`.
const PEOPLES: [&str; 55] = [
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
];

/// Provinces whose English name is not their pinyin.
const PROVINCES: [(&str, &str); 5] = [
    ("内蒙古自治区", "Inner Mongolia"),
    ("西藏自治区", "Tibet"),
    ("陕西省", "Shaanxi"),
    ("香港特别行政区", "Hong Kong"),
    ("澳门特别行政区", "Macao"),
];

/// A name in its parts: `前郭尔罗斯`, `蒙古族`, `自治县`.
pub(super) struct Parts<'a> {
    pub base: &'a str,
    pub peoples: &'a str,
    pub kind: &'a str,
}

/// Takes a name apart. What would leave nothing before it is not taken off.
pub(super) fn parts(name: &str) -> Parts<'_> {
    let cut = |text: &str, ending: &str| {
        text.strip_suffix(ending)
            .filter(|rest| !rest.is_empty())
            .map(str::len)
    };
    let stem_len = KINDS
        .iter()
        .find_map(|kind| cut(name, kind))
        .unwrap_or(name.len());
    let (stem, kind) = name.split_at(stem_len);
    let mut base = stem;
    if kind.starts_with("自治") {
        while let Some(len) = without_last_people(base) {
            base = base.split_at(len).0;
        }
    }
    Parts {
        base,
        peoples: stem.strip_prefix(base).unwrap_or_default(),
        kind,
    }
}

/// The length of a text before the name of a people at its end. Names of one character count only with `族`, and at
/// least two characters must be left, so `内蒙古` stays whole.
fn without_last_people(text: &str) -> Option<usize> {
    let with_zu = text.strip_suffix("各族").or_else(|| {
        let stem = text.strip_suffix('族')?;
        PEOPLES
            .iter()
            .filter_map(|people| stem.strip_suffix(people))
            .min_by_key(|rest| rest.len())
    });
    let plain = || {
        let long = PEOPLES.iter().filter(|people| people.chars().count() > 1);
        long.filter_map(|people| text.strip_suffix(people))
            .min_by_key(|rest| rest.len())
    };
    with_zu
        .or_else(plain)
        .filter(|rest| rest.chars().count() > 1)
        .map(str::len)
}

/// The short forms of a name, without the name itself. A base of one character (`礼县`) is no name by itself.
pub(super) fn short_forms(name: &str) -> Vec<String> {
    let Parts { base, peoples, kind } = parts(name);
    let mut forms = Vec::new();
    if kind.is_empty() || base.chars().count() < 2 {
        return forms;
    }
    forms.push(base.to_owned());
    if !peoples.is_empty() {
        // 恩施州, 前郭尔罗斯县; also the ending in full, 恩施自治州.
        forms.push(format!("{base}{}", kind.trim_start_matches("自治")));
        forms.push(format!("{base}{kind}"));
    } else if kind == "自治区" {
        forms.push(format!("{base}区"));
    }
    forms
}

/// The English name: the pinyin in words with capitals (`Li Xian`, `Dingxi Shi`), or for a province its usual name
/// without the kind (`Gansu`, `Shaanxi`).
pub(super) fn english(name: &str, pinyin: &str, is_province: bool) -> String {
    if let Some((_, english)) = PROVINCES.iter().find(|(zh, _)| *zh == name) {
        return (*english).to_owned();
    }
    let Parts { base, peoples, kind } = parts(name);
    let mut syllables = pinyin.split(' ');
    let mut word = |part: &str| capitalised(syllables.by_ref().take(part.chars().count()));
    let (base, peoples, kind) = (word(base), word(peoples), word(kind));
    let shown = if is_province {
        vec![base]
    } else {
        vec![base, peoples, kind]
    };
    shown
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Syllables as one word with a capital.
fn capitalised<'a>(syllables: impl Iterator<Item = &'a str>) -> String {
    let joined: String = syllables.collect();
    let mut letters = joined.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text as names are compared: no blanks and no marks between the parts, Latin letters small and `ü` as `v`.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !"/\\-_,，、>|·.'’".contains(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == 'ü' { 'v' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_short_forms_people_write() {
        let cases: [(&str, &[&str]); 14] = [
            ("甘肃省", &["甘肃"]),
            ("定西市", &["定西"]),
            ("礼县", &[]),
            ("巴楚县", &["巴楚"]),
            ("敖汉旗", &["敖汉"]),
            ("香港特别行政区", &["香港"]),
            ("内蒙古自治区", &["内蒙古", "内蒙古区"]),
            ("西藏自治区", &["西藏", "西藏区"]),
            ("广西壮族自治区", &["广西", "广西区", "广西自治区"]),
            ("恩施土家族苗族自治州", &["恩施", "恩施州", "恩施自治州"]),
            (
                "巴音郭楞蒙古自治州",
                &["巴音郭楞", "巴音郭楞州", "巴音郭楞自治州"],
            ),
            (
                "积石山保安族东乡族撒拉族自治县",
                &["积石山", "积石山县", "积石山自治县"],
            ),
            ("龙胜各族自治县", &["龙胜", "龙胜县", "龙胜自治县"]),
            ("鄂伦春自治旗", &["鄂伦春"]),
        ];
        for (name, forms) in cases {
            assert_eq!(short_forms(name), forms, "{name}");
        }
    }

    #[test]
    fn english_names_are_pinyin_in_words() {
        let cases = [
            ("礼县", "li xian", false, "Li Xian"),
            ("定西市", "ding xi shi", false, "Dingxi Shi"),
            (
                "阿克塞哈萨克族自治县",
                "a ke sai ha sa ke zu zi zhi xian",
                false,
                "Akesai Hasakezu Zizhixian",
            ),
            ("甘肃省", "gan su sheng", true, "Gansu"),
            ("陕西省", "shan xi sheng", true, "Shaanxi"),
            ("广西壮族自治区", "guang xi zhuang zu zi zhi qu", true, "Guangxi"),
        ];
        for (name, pinyin, is_province, english_name) in cases {
            assert_eq!(english(name, pinyin, is_province), english_name);
        }
    }
}
