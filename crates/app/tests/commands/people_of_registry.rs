//! The registry from the command line: a register is taken in, people are found, a yearly run is screened, decided and replayed.

use serde_json::{Value, json};

use crate::desk::Desk;

const HEADS: &str = "户编号,村代码,识别日期,主要致贫原因,耕地面积（亩）,收入年度,工资性收入（元）,姓名,身份证号,联系电话,与户主关系,性别,健康状况";
const ROWS: [&str; 4] = [
    "1,653130101201,2016-08-01,因病、缺技术,4.5,2015,4000,张伟,653130198001010117,13800000011,户主,男,健康",
    "1,653130101201,2016-08-01,,,,,李娜,653130198203040226,,配偶,女,长期慢性病",
    "2,653130101202,2016年8月2日,缺水,2,2015,1000.50,王芳,653130197505050329,,户主,女,健康",
    "3,653130101202,20160803,懒,2,2015,1000,赵六,653130197505050321,,户主,男,健康",
];

/// A user of the fund's office of Bachu, of another county, and two of its townships.
fn with_people() -> Desk {
    let desk = Desk::new();
    for (login, role, place) in [
        ("bachu", "county", "653130"),
        ("chief", "county", "653130"),
        ("town", "county", "653130101000"),
        ("village", "village_worker", "653130101201"),
        ("yuanyang", "county", "532528"),
    ] {
        let added = desk.run(
            "data",
            &[
                "user", "add", login, "--name", login, "--role", role, "--place", place,
            ],
        );
        assert_eq!(added.code, 0, "{added:?}");
    }
    desk
}

fn fishpond(desk: &Desk, line: &str) -> Value {
    let words: Vec<&str> = line.split(' ').collect();
    desk.json("data", &words)
}

fn code_of(desk: &Desk, line: &str) -> Value {
    let words: Vec<&str> = line.split(' ').collect();
    let ran = desk.run("data", &[&words[..], &["--json"]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    serde_json::from_str::<Value>(ran.err.lines().next().unwrap()).unwrap()["code"].clone()
}

fn imported() -> Desk {
    let desk = with_people();
    let text = format!("{HEADS}\n{}\n", ROWS.join("\n"));
    std::fs::write(desk.path("people.csv"), text).unwrap();
    let line = "registry import people.csv --layout households --as bachu";
    let answer = fishpond(&desk, line);
    assert_eq!(
        (&answer["households"], &answer["persons"], &answer["rejected"]),
        (&json!(2), &json!(3), &json!(1))
    );
    desk
}

#[test]
fn a_register_is_taken_in_and_a_household_with_a_wrong_row_is_named_and_left_out() {
    let desk = imported();
    let again = fishpond(&desk, "registry import people.csv --layout households --as bachu");
    assert_eq!((&again["households"], &again["already"]), (&json!(0), &json!(2)));
    let faults = again["faults"].as_array().unwrap();
    let codes: Vec<&Value> = faults.iter().map(|fault| &fault["code"]).collect();
    assert_eq!(codes, ["registry.bad_word", "kernel.resident_id_checksum"]);
    assert!(faults.iter().all(|fault| fault["line"] == 5));
    assert!(
        !again.to_string().contains("653130197505050321"),
        "no number is said"
    );
    let found = fishpond(&desk, "registry search zhangwei --as village");
    assert_eq!(found[0]["who"]["name"], "张**");
    let id = found[0]["household"].as_str().unwrap();
    let page = fishpond(&desk, &format!("registry show {id} --as bachu"));
    assert_eq!(page["state"]["status"], "poor");
    assert_eq!(page["state"]["causes"], json!(["illness", "no-skills"]));
    assert_eq!(page["incomes"][0]["net_fen"], 400_000);
    assert_eq!(fishpond(&desk, "registry search 张伟 --as yuanyang"), json!([]));
    assert_eq!(
        code_of(&desk, &format!("registry show {id} --as yuanyang")),
        "registry.no_such_household"
    );
}

#[test]
fn a_file_of_another_countys_households_or_without_its_columns_changes_nothing() {
    let desk = with_people();
    std::fs::write(desk.path("people.csv"), format!("{HEADS}\n{}\n", ROWS[0])).unwrap();
    let answer = fishpond(
        &desk,
        "registry import people.csv --layout households --as yuanyang",
    );
    assert_eq!(
        (&answer["households"], &answer["rejected"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(answer["faults"][0]["code"], "staff.denied");
    // What the national register says is for the county to say, not for a township of it.
    let answer = fishpond(&desk, "registry import people.csv --layout households --as town");
    assert_eq!(
        (&answer["households"], &answer["rejected"]),
        (&json!(0), &json!(1))
    );
    std::fs::write(desk.path("other.csv"), "a,b\n1,2\n").unwrap();
    let code = code_of(&desk, "registry import other.csv --layout households --as bachu");
    assert_eq!(code, "registry.missing_column");
    let code = code_of(&desk, "registry import other.csv --layout nothing --as bachu");
    assert_eq!(code, "programme.no_such_layout");
    assert_eq!(fishpond(&desk, "registry search 张伟 --as bachu"), json!([]));
}

#[test]
fn the_rows_of_a_household_that_stand_apart_and_encodings_of_offices_are_known() {
    let desk = with_people();
    let apart = format!("{HEADS}\n{}\n{}\n{}\n", ROWS[0], ROWS[2], ROWS[1]);
    let (bytes, _, _) = encoding_rs::GB18030.encode(&apart);
    std::fs::write(desk.path("people.csv"), &bytes).unwrap();
    let answer = fishpond(&desk, "registry import people.csv --layout households --as bachu");
    assert_eq!(
        (&answer["households"], &answer["rejected"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(answer["faults"][0]["code"], "registry.household_apart");
}

/// `registry take` of these acts.
fn taken(desk: &Desk, who: &str, acts: &[Value]) -> Value {
    let text: Vec<String> = acts.iter().map(ToString::to_string).collect();
    std::fs::write(desk.path("acts.jsonl"), text.join("\n")).unwrap();
    fishpond(desk, &format!("registry take acts.jsonl --as {who}"))
}

/// A case of exit goes through the village and the township.
fn to_second_notice(desk: &Desk, case: &str, (household, document): (&Value, &Value)) {
    taken(
        desk,
        "village",
        &[
            json!({ "apply": { "case": case, "household": household, "kind": "exit", "on": "2018-03-01", "document": document, "run": "653130-2018" } }),
            json!({ "appraise": { "case": case, "on": "2018-03-02", "eligible": 90, "attended": 70, "in_favour": 60, "against": 5, "document": document } }),
            json!({ "notice": { "case": case, "number": 1, "on": "2018-03-03", "document": document } }),
        ],
    );
    let review =
        [json!({ "review": { "case": case, "on": "2018-03-12", "agreed": true, "reason": "入户核实" } })];
    taken(desk, "town", &review);
    taken(
        desk,
        "chief",
        &[json!({ "notice": { "case": case, "number": 2, "on": "2018-03-13", "document": document } })],
    );
}

#[test]
fn a_yearly_run_is_screened_a_case_decided_and_the_decision_comes_out_again() {
    let desk = imported();
    std::fs::write(desk.path("scan.txt"), "minutes").unwrap();
    let added = desk.run("data", &["user", "add", "lan", "--name", "lan", "--role", "fund"]);
    assert_eq!(added.code, 0, "{added:?}");
    let document = fishpond(&desk, "fund document scan.txt --as lan")["sha256"].clone();
    let found = fishpond(&desk, "registry search 张伟 --as bachu");
    let household = &found[0]["household"];
    let case = "01890a5d-ac96-774b-bcce-b302099a8057";
    let take = |who: &str, acts: &[Value]| taken(&desk, who, acts);
    let all_met = json!({ "food": true, "clothing": true, "education": true, "medical": true, "housing": true, "water": true });
    let income = json!({ "year": 2017, "wages_fen": 900_000, "operating_fen": 0, "property_fen": 0, "transfer_fen": 0, "costs_fen": 0 });
    take(
        "village",
        &[
            json!({ "household": { "key": "h1", "household": household, "since": "2018-01-20", "facts": { "income": income, "guarantees": all_met } } }),
        ],
    );
    take(
        "bachu",
        &[
            json!({ "open_run": { "run": "653130-2018", "place": "653130", "kind": "exit", "on": "2018-02-01", "due_on": "2018-12-01" } }),
        ],
    );
    let screened = fishpond(&desk, "recognition screen 653130-2018 --as bachu");
    assert_eq!(screened, json!({ "households": 2, "holds": 1, "unknown": 0 }));
    to_second_notice(&desk, case, (household, &document));
    let decide =
        [json!({ "decide": { "case": case, "on": "2018-03-22", "granted": true, "reason": "审定" } })];
    take("bachu", &decide);
    assert_eq!(take("bachu", &decide), json!({ "now": 0, "already": 1 }));
    take(
        "bachu",
        &[json!({ "announce": { "case": case, "on": "2018-03-23" } })],
    );
    // What is found out later changes nothing of what was decided.
    take(
        "village",
        &[
            json!({ "household": { "key": "h2", "household": household, "since": "2018-01-21", "facts": { "guarantees": { "housing": false } } } }),
        ],
    );
    let replay = fishpond(&desk, &format!("recognition replay {case}"));
    assert_eq!(
        (&replay["agrees"], &replay["replay"]["again"]["holds"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        fishpond(&desk, "recognition replay --all"),
        json!({ "decisions": 1, "differ": [] })
    );
    let run = fishpond(&desk, "recognition run 653130-2018 --as bachu");
    assert_eq!(run["cases"], json!({ "announced": 1 }));
}

#[test]
fn the_key_is_changed_and_everyone_is_found_and_opened_under_the_new_one_alone() {
    let desk = imported();
    let path = desk.path("data/keys/secrets.key");
    let old = std::fs::read_to_string(&path).unwrap();
    fishpond(&desk, "keys new");
    let found =
        || fishpond(&desk, "registry search 653130198001010117 --as village")[0]["who"]["name"].clone();
    assert_eq!(found(), "张**", "between the two");
    let finished = fishpond(&desk, "keys finish");
    assert_eq!(finished["sealed_again"]["registry_keys.wrapped"], 3);
    assert_eq!(finished["forgotten"], 1);
    let again = fishpond(&desk, "keys finish");
    assert_eq!(
        (
            &again["sealed_again"]["registry_keys.wrapped"],
            &again["forgotten"]
        ),
        (&json!(0), &json!(0))
    );
    let new = std::fs::read_to_string(&path).unwrap();
    assert!(!new.contains(old.trim()), "the old key is nowhere in the file");
    assert_eq!(found(), "张**");
    // Who stole the old key finds nothing that it opens.
    std::fs::write(&path, &old).unwrap();
    let search = [
        "registry",
        "search",
        "653130198001010117",
        "--as",
        "village",
        "--json",
    ];
    let ran = desk.run("data", &search);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("store.secret_unreadable"), "{ran:?}");
}
