//! What can be recorded of the fund by a form, as data: which act it becomes, what is asked, where it then stands.

use people::staff::Action;

/// What a field asks for, and so what it becomes in the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A line of text.
    Text,
    /// A name in Chinese and in English, each with a field of this name.
    Names(&'static str, &'static str),
    /// A day.
    Day,
    /// An amount in yuan.
    Yuan,
    /// A whole number.
    Number,
    /// The code of a place.
    Place,
    /// The same; nothing for the whole country.
    PlaceOrNone,
    /// A pillar of the programme.
    Pillar,
    /// A pillar, or the fund itself.
    PillarOrFund,
    /// Whose a target is: a model county by its code, or else a pillar; two fields, `county` and `pillar`.
    Owner,
    /// What money of others is.
    MoneyClass,
    /// Yes or no.
    YesOrNo,
}

/// One question of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    /// Its name in the act and in the form.
    pub name: &'static str,
    pub of: Of,
    /// The words of its label.
    pub label: &'static str,
    /// The words of its hint, if it has one.
    pub hint: &'static str,
}

/// A list of the act: the same questions several times over. What stays empty is none of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub name: &'static str,
    /// The words over one of them, with its number.
    pub legend: &'static str,
    pub asks: &'static [Ask],
    /// How many there are to fill in; a longer list is one for the command line.
    pub rows: usize,
}

/// What proves an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    None,
    /// One document, which may be missing where the act says so.
    Document,
    /// Any number of photos.
    Photos,
}

/// One kind of form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// The name of the act, as it stands in JSON.
    pub act: &'static str,
    /// Where its form is.
    pub path: &'static str,
    /// What the form is called.
    pub title: &'static str,
    /// Who may.
    pub action: Action,
    /// Where what was recorded is seen.
    pub back: &'static str,
    pub asks: &'static [Ask],
    pub list: Option<List>,
    pub proof: Proof,
    /// Whether the act names who went; that is whoever is signed in.
    pub is_own: bool,
}

const fn ask(name: &'static str, of: Of, label: &'static str) -> Ask {
    let hint = "";
    Ask {
        name,
        of,
        label,
        hint,
    }
}

const fn hinted(name: &'static str, of: Of, label: &'static str, hint: &'static str) -> Ask {
    Ask {
        name,
        of,
        label,
        hint,
    }
}

macro_rules! names {
    ($name:literal, $label:literal) => {
        ask(
            $name,
            Of::Names(concat!($name, "_zh"), concat!($name, "_en")),
            $label,
        )
    };
}

const KEY: Ask = hinted("key", Of::Text, "fund.key", "fund.key_hint");
const ON: Ask = ask("on", Of::Day, "books.day");
const PLACE: Ask = hinted("place", Of::Place, "payments.place_code", "record.place_hint");
const PILLAR: Ask = ask("pillar", Of::Pillar, "fund.pillar");
const AMOUNT: Ask = ask("amount_fen", Of::Yuan, "books.amount_yuan");
const PLEDGE: Ask = hinted("pledge", Of::Text, "record.pledge_key", "record.known_key_hint");
const TRANCHE: Ask = ask("tranche", Of::Number, "record.tranche_number");
const OWNER: Ask = ask("owner", Of::Owner, "record.owner");
const INDICATOR: Ask = hinted(
    "indicator",
    Of::Text,
    "record.indicator_key",
    "record.indicator_hint",
);

const NONE: Kind = Kind {
    act: "",
    path: "",
    title: "",
    action: Action::KeepFund,
    back: "",
    asks: &[],
    list: None,
    proof: Proof::None,
    is_own: false,
};

const MONEY: &str = "/staff/fund/money";
const COUNTIES: &str = "/staff/fund/counties";
const FIELD: &str = "/staff/fund/field";

/// Every kind, in the order in which a page offers them.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        act: "pledge",
        path: "/staff/fund/record/pledge",
        title: "record.pledge",
        back: MONEY,
        asks: &[
            KEY,
            names!("donor", "record.donor"),
            ask("signed_on", Of::Day, "fund.signed_on"),
            ask("through_on", Of::Day, "record.through_on"),
            ask("total_fen", Of::Yuan, "record.total_yuan"),
            hinted(
                "leverage_low_fen",
                Of::Yuan,
                "record.leverage_low",
                "record.leverage_hint",
            ),
            ask("leverage_high_fen", Of::Yuan, "record.leverage_high"),
        ],
        list: Some(List {
            name: "tranches",
            legend: "record.tranche_of",
            asks: &[ask("due_on", Of::Day, "fund.due_on"), AMOUNT],
            rows: 6,
        }),
        proof: Proof::Document,
        ..NONE
    },
    Kind {
        act: "call",
        path: "/staff/fund/record/call",
        title: "record.call",
        back: MONEY,
        asks: &[PLEDGE, TRANCHE, ON],
        ..NONE
    },
    Kind {
        act: "receive",
        path: "/staff/fund/record/receipt",
        title: "record.receipt",
        action: Action::KeepBooks,
        back: MONEY,
        asks: &[
            hinted(
                "key",
                Of::Text,
                "record.bank_reference",
                "record.bank_reference_hint",
            ),
            PLEDGE,
            TRANCHE,
            ON,
            AMOUNT,
        ],
        proof: Proof::Document,
        ..NONE
    },
    Kind {
        act: "cofinance",
        path: "/staff/fund/record/cofinance",
        title: "record.cofinance",
        back: MONEY,
        asks: &[
            KEY,
            hinted("project", Of::Text, "record.project_key", "record.known_key_hint"),
            ask("class", Of::MoneyClass, "record.money_class"),
            hinted(
                "contributor",
                Of::Text,
                "record.contributor",
                "record.contributor_hint",
            ),
            hinted("reference", Of::Text, "record.reference", "record.reference_hint"),
            ask("agreed_on", Of::Day, "record.agreed_on"),
            AMOUNT,
            hinted("causal", Of::YesOrNo, "record.causal", "record.causal_hint"),
        ],
        list: Some(List {
            name: "mobilisers",
            legend: "record.mobiliser_of",
            asks: &[
                ask("name", Of::Text, "record.mobiliser"),
                ask("contribution_fen", Of::Yuan, "record.contribution"),
            ],
            rows: 4,
        }),
        proof: Proof::Document,
        ..NONE
    },
    Kind {
        act: "own",
        path: "/staff/fund/record/owner",
        title: "record.pillar_owner",
        back: "/staff/fund/budget",
        asks: &[
            PILLAR,
            ask("since", Of::Day, "record.since"),
            names!("unit", "record.unit"),
        ],
        ..NONE
    },
    Kind {
        act: "pair",
        path: "/staff/fund/record/pairing",
        title: "record.pairing",
        back: COUNTIES,
        asks: &[
            KEY,
            PLACE,
            names!("unit", "record.unit"),
            ask("signed_on", Of::Day, "fund.signed_on"),
        ],
        list: Some(List {
            name: "duties",
            legend: "record.duty_of",
            asks: &[
                names!("title", "record.name"),
                ask("due_on", Of::Day, "fund.due_on"),
            ],
            rows: 4,
        }),
        proof: Proof::Document,
        ..NONE
    },
    Kind {
        act: "duty",
        path: "/staff/fund/record/duty",
        title: "record.duty",
        action: Action::ReportField,
        back: COUNTIES,
        asks: &[
            hinted("pairing", Of::Text, "record.pairing_key", "record.known_key_hint"),
            ask("duty", Of::Number, "record.duty_number"),
            ON,
            hinted("done_permille", Of::Number, "record.done", "record.done_hint"),
        ],
        ..NONE
    },
    Kind {
        act: "model_county",
        path: "/staff/fund/record/model-county",
        title: "record.model_county",
        back: COUNTIES,
        asks: &[
            PLACE,
            ask("named_on", Of::Day, "record.named_on"),
            names!("product", "record.product"),
        ],
        ..NONE
    },
    Kind {
        act: "target",
        path: "/staff/fund/record/target",
        title: "record.target",
        back: COUNTIES,
        asks: &[
            OWNER,
            INDICATOR,
            names!("title", "record.name"),
            hinted(
                "unit",
                Of::Text,
                "record.measure_unit",
                "record.measure_unit_hint",
            ),
            ask("target", Of::Number, "fund.target"),
            ask("due_on", Of::Day, "fund.due_on"),
        ],
        ..NONE
    },
    Kind {
        act: "measure",
        path: "/staff/fund/record/measurement",
        title: "record.measurement",
        action: Action::ReportField,
        back: COUNTIES,
        asks: &[OWNER, INDICATOR, ON, ask("value", Of::Number, "fund.reached")],
        proof: Proof::Document,
        ..NONE
    },
    Kind {
        act: "visit",
        path: "/staff/fund/record/visit",
        title: "record.visit",
        action: Action::ReportField,
        back: FIELD,
        asks: &[
            KEY,
            PLACE,
            ON,
            hinted("findings", Of::Text, "fund.findings", "record.findings_hint"),
        ],
        proof: Proof::Photos,
        is_own: true,
        ..NONE
    },
    Kind {
        act: "staff_day",
        path: "/staff/fund/record/staff-day",
        title: "record.staff_day",
        action: Action::ReportField,
        back: FIELD,
        asks: &[
            ON,
            PILLAR,
            hinted(
                "place",
                Of::PlaceOrNone,
                "payments.place_code",
                "record.office_hint",
            ),
            hinted("halves", Of::Number, "record.halves", "record.halves_hint"),
        ],
        is_own: true,
        ..NONE
    },
    Kind {
        act: "event",
        path: "/staff/fund/record/event",
        title: "record.event",
        back: FIELD,
        asks: &[
            KEY,
            ON,
            ask("pillar", Of::PillarOrFund, "fund.pillar"),
            hinted("place", Of::Text, "fund.place", "record.told_place_hint"),
            names!("title", "record.happened"),
        ],
        ..NONE
    },
];
