//! The registry over weeks, in front of a program whose clock is moved on: a household appeals a notice and wins; a county opens,
//! screens, works and closes its yearly run. What was decided is decided again by the command line, with the same answers.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;

use e2e::{Browser, Program, can_move_the_clock};
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use tempfile::TempDir;

const SHEET: &str = "/notices/653130101201";
const RUN: &str = "/staff/registry/runs/653130-2018";

/// A county with its people, each in a browser of their own.
struct County {
    program: Program,
    folder: TempDir,
    scans: Cell<u32>,
    cun: Browser,
    zhen: Browser,
    shenhe: Browser,
    xian: Browser,
}

impl County {
    fn on(day: Date) -> Self {
        let program = Program::of_county(day).unwrap();
        let come = |login: &str| {
            let browser = Browser::start(true).unwrap();
            let link = program.invitation(login).unwrap();
            browser.come_in(&program, link).unwrap();
            browser
        };
        let folder = TempDir::new().unwrap();
        Self {
            cun: come("cun"),
            zhen: come("zhen"),
            shenhe: come("shenhe"),
            xian: come("xian"),
            folder,
            scans: Cell::new(0),
            program,
        }
    }

    /// Days go by, and everyone signs in again.
    fn is_now(&self, day: Date) {
        self.program.is_now(day).unwrap();
        for (login, browser) in [
            ("cun", &self.cun),
            ("zhen", &self.zhen),
            ("shenhe", &self.shenhe),
            ("xian", &self.xian),
        ] {
            browser.sign_in(&self.program, login).unwrap();
        }
    }

    /// A photo or a scan, each time another one.
    fn scan(&self) -> PathBuf {
        self.scans.set(self.scans.get() + 1);
        let file = self.folder.path().join("scan.pdf");
        fs::write(&file, format!("%PDF-1.7 scan {}", self.scans.get())).unwrap();
        file
    }

    /// Writes a household down: its number, its head, and the wages of last year in yuan where they are known.
    fn register(&self, number: u8, name: &str, wages: Option<i64>) {
        let met = ["food", "clothing", "education", "medical", "housing", "water"];
        let met: serde_json::Map<String, Value> =
            met.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
        let mut facts = json!({ "causes": ["illness"], "guarantees": met, "exclusions": [] });
        if let Some(yuan) = wages {
            facts["income"] = json!({ "year": 2017, "wages_fen": yuan * 100, "operating_fen": 0,
                "property_fen": 0, "transfer_fen": 0, "costs_fen": 0 });
        }
        let head = json!({ "person": format!("01890a5d-ac96-774b-aaaa-b302099a80{number:02}"),
            "personal": { "name": name }, "facts": { "relation": "head", "sex": "male", "labour": "able" } });
        let act = json!({ "register": { "household": household(number), "place": "653130101201",
            "since": "2018-01-10", "facts": facts, "members": [head] } });
        let file = self.folder.path().join("acts.jsonl");
        fs::write(&file, act.to_string()).unwrap();
        let taken = self.command(&["registry", "take", &file.display().to_string(), "--as", "cun"]);
        assert!(!taken.is_null());
    }

    fn command(&self, args: &[&str]) -> Value {
        self.program.command(args).unwrap()
    }

    fn open(&self, who: &Browser, path: &str) {
        who.open(&self.program.url(path)).unwrap();
        let all = "document.querySelectorAll('details').forEach(part => part.open = true)";
        who.run(all).unwrap();
    }

    /// An application by the form of the household's page; the path of its case.
    fn applies(&self, number: u8) -> String {
        self.open(&self.cun, &household_path(number));
        self.cun
            .fill("#apply-file", &self.scan().display().to_string())
            .unwrap();
        self.cun.follow("form[action$='/cases'] .button").unwrap();
        let url = self.cun.url().unwrap();
        let path = url.replace(&self.program.url(""), "");
        assert!(path.starts_with("/staff/registry/cases/"), "{path}");
        path
    }

    /// A step by its form on the page of the case, dated as the form proposes: today.
    fn step(&self, who: &Browser, case: &str, act: &str, fields: &[(&str, &str)]) {
        self.open(who, case);
        for (css, value) in fields {
            let typed = format!("document.querySelector(\"{css}\").value = '{value}'");
            who.run(&typed).unwrap();
        }
        if matches!(act, "appraise" | "notice") {
            let file = format!("#{act}-file");
            who.fill(&file, &self.scan().display().to_string()).unwrap();
        }
        who.follow(&format!("form:has([name=act][value={act}]) .button"))
            .unwrap();
        let refused = who
            .run("return document.querySelectorAll('.summary').length")
            .unwrap();
        assert_eq!(refused, 0, "{act}: {}", who.text_of("main").unwrap());
    }

    fn appraise(&self, case: &str) {
        let votes = [
            ("#eligible", "96"),
            ("#attended", "81"),
            ("#in_favour", "74"),
            ("#against", "3"),
        ];
        self.step(&self.cun, case, "appraise", &votes);
    }

    /// What everyone reads: the list of notices, and the sheet on the wall of the village.
    fn wall(&self) -> String {
        let nobody = Browser::start(true).unwrap();
        self.open(&nobody, "/notices");
        let list = nobody.text_of("main").unwrap();
        self.open(&nobody, SHEET);
        list + &nobody.text_of("main").unwrap()
    }

    fn text(&self, who: &Browser, path: &str) -> String {
        self.open(who, path);
        who.text_of("main").unwrap()
    }

    /// Every decision made again by the command line: how many, and which came out otherwise.
    fn replayed(&self) -> (Value, Value) {
        let answer = self.command(&["recognition", "replay", "--all"]);
        (answer["decisions"].clone(), answer["differ"].clone())
    }
}

fn household(number: u8) -> String {
    format!("01890a5d-ac96-774b-bcce-b302099a80{number:02}")
}

fn household_path(number: u8) -> String {
    format!("/staff/registry/households/{}", household(number))
}

#[test]
fn a_household_appeals_a_notice_and_wins() {
    if !can_move_the_clock() {
        return;
    }
    let county = County::on(date(2018, 3, 1));
    let (cun, zhen, shenhe, xian) = (&county.cun, &county.zhen, &county.shenhe, &county.xian);
    county.register(1, "张伟", Some(2_000));
    let case = county.applies(1);
    county.appraise(&case);
    county.step(cun, &case, "notice", &[]);
    let wall = county.wall();
    assert!(
        wall.contains("张**") && wall.contains("第 1 次公示") && wall.contains("2018-03-08"),
        "{wall}"
    );
    assert!(!wall.contains("张伟"));

    county.step(cun, &case, "object", &[("#object-text", "家中有车")]);
    let upheld = [
        ("[id^=answer-choice]", "yes"),
        ("[id^=answer-text]", "登记有一辆轿车"),
    ];
    county.step(zhen, &case, "answer", &upheld);
    assert!(county.wall().contains("现在没有公示"), "it was struck off");
    let appeal = [("#object-text", "车已于去年卖出，有过户凭证")];
    county.step(cun, &case, "object", &appeal);
    let upheld = [
        ("[id^=answer-choice]", "yes"),
        ("[id^=answer-text]", "过户凭证属实"),
    ];
    county.step(zhen, &case, "answer", &upheld);
    county.step(cun, &case, "notice", &[]);
    assert!(county.wall().contains("张**"), "it is listed again");
    for (who, acts) in [(cun, "review"), (zhen, "decide"), (shenhe, "decide")] {
        let form = format!("return document.querySelectorAll('[name=act][value={acts}]').length");
        county.open(who, &case);
        assert_eq!(who.run(&form).unwrap(), 0, "{acts}");
    }

    county.is_now(date(2018, 3, 10));
    county.step(shenhe, &case, "review", &[("#review-text", "入户核实，情况属实")]);
    county.step(cun, &case, "notice", &[]);
    assert!(county.wall().contains("第 2 次公示"));
    county.is_now(date(2018, 3, 19));
    county.step(xian, &case, "decide", &[("#decide-text", "符合条件")]);
    county.step(xian, &case, "announce", &[]);
    let shown = county.text(cun, &household_path(1));
    assert!(shown.contains("建档立卡贫困户"), "{shown}");
    let told = county.text(cun, &case);
    for said in ["家中有车", "成立：过户凭证属实", "申诉：应当列入", "已公告"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert_eq!(county.replayed(), (json!(1), json!([])));
}

/// Three households, and the run that screens them on its page; the village sees it and has nothing to press.
fn opens_its_run(county: &County) {
    let (cun, xian) = (&county.cun, &county.xian);
    for (number, name, wages) in [
        (1, "张伟", Some(2_000)),
        (2, "王强", Some(90_000)),
        (3, "李军", None),
    ] {
        county.register(number, name, wages);
    }
    county.open(xian, "/staff/registry/runs");
    xian.follow("a[href$='/runs/new']").unwrap();
    xian.run("document.querySelector('#due_on').value = '2018-04-01'")
        .unwrap();
    xian.follow("main form .button").unwrap();
    assert!(
        xian.url().unwrap().ends_with(RUN),
        "{}",
        xian.text_of("main").unwrap()
    );
    xian.follow("form[action$='/screening'] .button").unwrap();
    let shown = xian.text_of("main").unwrap();
    for said in [
        "应识别 1",
        "需核实 1",
        "不符合 1",
        "人均年纯收入低于贫困线：2,000.00 元，符合",
        "尚未申请",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    county.open(cun, RUN);
    assert_eq!(
        cun.run("return document.querySelectorAll('main form').length")
            .unwrap(),
        0
    );
}

#[test]
fn a_county_closes_its_yearly_run_and_every_decision_replays_the_same() {
    if !can_move_the_clock() {
        return;
    }
    let county = County::on(date(2018, 2, 1));
    let (cun, shenhe, xian) = (&county.cun, &county.shenhe, &county.xian);
    opens_its_run(&county);
    let case = county.applies(1);
    county.appraise(&case);
    county.step(cun, &case, "notice", &[]);
    county.open(xian, RUN);
    assert!(xian.text_of("#notices ~ .wrap").unwrap().contains("2018-02-08"));
    xian.follow("form[action$='/closing'] .button").unwrap();
    assert!(xian.text_of(".summary").unwrap().contains("没有办结"));
    county.is_now(date(2018, 2, 20));
    assert!(!county.text(xian, RUN).contains("逾期未办"));
    county.step(shenhe, &case, "review", &[("#review-text", "属实")]);
    county.step(cun, &case, "notice", &[]);
    county.is_now(date(2018, 3, 26));
    assert!(county.text(xian, RUN).contains("逾期未办"));
    county.step(xian, &case, "decide", &[("#decide-text", "符合条件")]);
    county.step(xian, &case, "announce", &[]);
    county.open(xian, RUN);
    xian.follow("form[action$='/closing'] .button").unwrap();
    assert!(xian.text_of("main .badge.good").unwrap().contains("已结束"));
    assert_eq!(county.replayed(), (json!(1), json!([])));
    let run = county.command(&["recognition", "run", "653130-2018", "--as", "xian"]);
    let counted = ["holds", "does_not_hold", "unknown", "without_case"].map(|name| run[name].clone());
    assert_eq!(counted, [json!(1), json!(1), json!(1), json!(0)]);
    assert_eq!(run["run"]["closed_on"], "2018-03-26");
}
