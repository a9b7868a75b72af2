//! The words of the registry: what may stand in a field, each kept, sent and read by one name.

use std::fmt;
use std::str::FromStr;

use kernel::{Fault, Refusal, ResidentId};
use serde::{Deserialize, Serialize};

/// Makes an enum of words: kept, sent and read by one name each; another word is refused with `registry.bad_word`, naming
/// the ones that may stand there.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $word:ident = $kept:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($(#[$doc])* $word),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$word),+];

            /// The name under which it is kept.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $kept),+ }
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                match text {
                    $($kept => Ok(Self::$word),)+
                    _ => Err(Refusal::new("registry.bad_word", Fault::Refused)
                        .value(text)
                        .fact("words", [$($kept),+].join(", "))),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }

        impl TryFrom<String> for $name {
            type Error = Refusal;

            fn try_from(text: String) -> Result<Self, Refusal> {
                text.parse()
            }
        }
    };
}

words! {
    /// Where a household stands.
    #[derive(Default)]
    Status {
        /// Written down, not recognised.
        #[default]
        Registered = "registered",
        /// Recognised as poor (建档立卡贫困户).
        Poor = "poor",
        /// Left poverty (脱贫户), and is watched.
        Exited = "exited",
    }
}

words! {
    /// What stands of two persons who may be one.
    PairState {
        /// Someone has to decide.
        Open = "open",
        /// What was said of one was corrected; they are no longer alike.
        Unlike = "unlike",
        /// They are one.
        Same = "same",
        /// They are two.
        Different = "different",
    }
}

words! {
    /// Why a household is poor (致贫原因).
    Cause {
        /// 因病
        Illness = "illness",
        /// 因残
        Disability = "disability",
        /// 因学
        Schooling = "schooling",
        /// 因灾
        Disaster = "disaster",
        /// 缺土地
        NoLand = "no-land",
        /// 缺水
        NoWater = "no-water",
        /// 缺技术
        NoSkills = "no-skills",
        /// 缺劳力
        NoLabour = "no-labour",
        /// 缺资金
        NoCapital = "no-capital",
        /// 交通条件落后
        PoorRoads = "poor-roads",
        /// 自身发展动力不足
        NoDrive = "no-drive",
        /// 其他
        Other = "other",
    }
}

words! {
    /// The two assurances and three guarantees (两不愁三保障), with safe drinking water.
    Guarantee {
        /// 不愁吃
        Food = "food",
        /// 不愁穿
        Clothing = "clothing",
        /// 义务教育
        Education = "education",
        /// 基本医疗
        Medical = "medical",
        /// 住房安全
        Housing = "housing",
        /// 饮水安全
        Water = "water",
    }
}

words! {
    /// How a member stands to the head (与户主关系).
    Relation {
        /// 户主
        Head = "head",
        /// 配偶
        Spouse = "spouse",
        /// 子女
        Child = "child",
        /// 儿媳或女婿
        ChildInLaw = "child-in-law",
        /// 孙子女
        Grandchild = "grandchild",
        /// 父母
        Parent = "parent",
        /// 祖父母
        Grandparent = "grandparent",
        /// 兄弟姐妹
        Sibling = "sibling",
        /// 其他
        Other = "other",
    }
}

words! {
    /// Sex (性别).
    Sex {
        /// 男
        Male = "male",
        /// 女
        Female = "female",
    }
}

impl Sex {
    /// The one that a resident ID number says, by its last digit but one: odd is male (GB 11643).
    #[must_use]
    pub fn of(number: &ResidentId) -> Self {
        let digit = number.reveal().as_bytes().get(16);
        if digit.is_some_and(|digit| digit % 2 == 1) {
            Self::Male
        } else {
            Self::Female
        }
    }
}

words! {
    /// What someone attends or finished (文化程度、在校情况).
    Schooling {
        /// 文盲或半文盲
        None = "none",
        /// 小学
        Primary = "primary",
        /// 初中
        Middle = "middle",
        /// 高中或中专
        High = "high",
        /// 大专及以上
        College = "college",
        /// 在校：学前
        AtKindergarten = "at-kindergarten",
        /// 在校：义务教育
        AtSchool = "at-school",
        /// 在校：高中及以上
        AtHighSchool = "at-high-school",
    }
}

words! {
    /// Health (健康状况).
    Health {
        /// 健康
        Well = "well",
        /// 长期慢性病
        Chronic = "chronic",
        /// 患有大病
        Serious = "serious",
    }
}

words! {
    /// Labour capacity (劳动能力).
    Labour {
        /// 普通劳动力
        Able = "able",
        /// 技能劳动力
        Skilled = "skilled",
        /// 弱劳动力或半劳动力
        Weak = "weak",
        /// 无劳动力
        None = "none",
    }
}

words! {
    /// Work (务工情况).
    Work {
        /// 在家务农
        Farming = "farming",
        /// 县内务工
        InCounty = "in-county",
        /// 省内县外务工
        InProvince = "in-province",
        /// 省外务工
        Elsewhere = "elsewhere",
        /// 不务工
        None = "none",
    }
}

words! {
    /// Why someone is no longer a member.
    Leaving {
        /// 死亡
        Died = "died",
        /// 婚嫁迁出
        Married = "married",
        /// 分户
        Split = "split",
        /// 其他迁出
        Moved = "moved",
        /// 登记有误
        Mistake = "mistake",
    }
}

words! {
    /// What a case is about.
    CaseKind {
        /// To be recognised as poor (识别).
        Recognition = "recognition",
        /// To leave poverty (退出).
        Exit = "exit",
    }
}

words! {
    /// How far a case is.
    CaseState {
        /// 已申请
        Applied = "applied",
        /// 评议通过
        Appraised = "appraised",
        /// 未通过
        TurnedDown = "turned_down",
        /// 第一次公示
        FirstNotice = "first_notice",
        /// 乡镇审核通过
        Reviewed = "reviewed",
        /// 第二次公示
        SecondNotice = "second_notice",
        /// 审定通过
        Granted = "granted",
        /// 审定不通过
        Refused = "refused",
        /// 已公告
        Announced = "announced",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

words! {
    /// A step of a yearly run.
    RunStep {
        /// 申请
        Apply = "apply",
        /// 评议
        Appraise = "appraise",
        /// 第一次公示
        FirstNotice = "first_notice",
        /// 乡镇审核
        Review = "review",
        /// 第二次公示
        SecondNotice = "second_notice",
        /// 审定
        Decide = "decide",
        /// 公告
        Announce = "announce",
    }
}

words! {
    /// What an objection wants.
    Seeks {
        /// That a household is not listed.
        Removal = "removal",
        /// That a household that was turned down is.
        Inclusion = "inclusion",
    }
}

words! {
    /// What someone agreed to.
    Purpose {
        /// Their data is kept and used for the programme (建档立卡).
        Register = "register",
        /// The insurer learns of them (顶梁柱).
        Cover = "cover",
        /// The lender learns of them.
        Credit = "credit",
        /// An employer learns of them.
        Hiring = "hiring",
        /// Their picture or story is shown.
        Story = "story",
    }
}

words! {
    /// A field of [`Personal`].
    PersonalField {
        /// Name.
        Name = "name",
        /// Resident ID number.
        ResidentId = "resident_id",
        /// Mobile phone.
        Phone = "phone",
        /// Account at a bank.
        BankAccount = "bank_account",
    }
}

words! {
    /// Where a form stands that was sent by another program than ours.
    SubmissionState {
        /// What it says was done.
        Taken = "taken",
        /// It was refused, and waits for someone to correct it.
        Waits = "waits",
        /// It was refused, and its household was registered since.
        Corrected = "corrected",
        /// It was refused, and is not going to be corrected.
        SetAside = "set-aside",
    }
}
