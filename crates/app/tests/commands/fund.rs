//! The fund from the command line: a budget, a milestone that two persons let through, and what is seen of it.

use serde_json::{Value, json};

use crate::desk::Desk;

fn with_people() -> Desk {
    let desk = Desk::new();
    for (login, role, place) in [
        ("lan", "fund", None),
        ("wei", "fund", None),
        ("wang", "finance", None),
        ("li", "county", Some("621226")),
    ] {
        let mut args = vec!["user", "add", login, "--name", login, "--role", role];
        args.extend(place.iter().flat_map(|place| ["--place", place]));
        let added = desk.run("data", &args);
        assert_eq!(added.code, 0, "{added:?}");
    }
    desk
}

fn write(desk: &Desk, name: &str, lines: &[Value]) {
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    std::fs::write(desk.path(name), text.join("\n")).unwrap();
}

/// `fishpond fund …`, which has to succeed; words are split at spaces.
fn fund(desk: &Desk, line: &str) -> Value {
    let words: Vec<&str> = line.split(' ').collect();
    desk.json("data", &[&["fund"], &words[..]].concat())
}

/// The code of a refusal of `fishpond fund …`.
fn refused(desk: &Desk, line: &str) -> Value {
    let words: Vec<&str> = line.split(' ').collect();
    let ran = desk.run("data", &[&["fund"], &words[..], &["--json"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    serde_json::from_str::<Value>(ran.err.lines().next().unwrap()).unwrap()["code"].clone()
}

/// A pledge of 100 yuan of which 60 came, a budget of 80 that waits, and a project with a milestone of 50.
fn planned() -> Desk {
    let desk = with_people();
    std::fs::write(desk.path("paper.txt"), "signed").unwrap();
    let document = fund(&desk, "document paper.txt --as lan")["sha256"].clone();
    let title = json!({ "zh": "礼县苹果", "en": "Apples of Li" });
    write(
        &desk,
        "plan.jsonl",
        &[
            json!({ "own": { "pillar": "commerce", "since": "2017-12-01", "unit": title } }),
            json!({ "pledge": { "key": "main", "donor": title, "signed_on": "2017-12-01", "through_on": "2022-11-30",
            "total_fen": 10_000, "leverage_low_fen": 0, "leverage_high_fen": 0, "document": document,
            "tranches": [{ "due_on": "2018-01-08", "amount_fen": 10_000 }] } }),
            json!({ "call": { "pledge": "main", "tranche": 1, "on": "2018-01-08" } }),
            json!({ "propose_budget": { "key": "b1", "period": "2018", "reason": "first year",
            "lines": [{ "pillar": "commerce", "amount_fen": 8_000 }] } }),
            json!({ "project": { "key": "apples", "pillar": "commerce", "place": "621226", "title": title,
            "starts_on": "2018-01-01", "ends_on": "2018-12-31",
            "milestones": [{ "title": title, "due_on": "2018-06-01", "amount_fen": 5_000 }] } }),
        ],
    );
    let receive = json!({ "receive": { "key": "r-1", "pledge": "main", "tranche": 1, "on": "2018-01-15",
        "amount_fen": 6_000, "document": document } });
    write(&desk, "money.jsonl", &[receive]);
    assert_eq!(
        fund(&desk, "take plan.jsonl --as lan"),
        json!({ "now": 5, "already": 0 })
    );
    desk
}

#[test]
fn a_file_that_comes_again_changes_nothing_and_money_is_received_by_who_keeps_the_books() {
    let desk = planned();
    assert_eq!(
        fund(&desk, "take plan.jsonl --as lan"),
        json!({ "now": 0, "already": 5 })
    );
    assert_eq!(refused(&desk, "take money.jsonl --as lan"), "staff.denied");
    fund(&desk, "take money.jsonl --as wang");
    let flow = fund(&desk, "flow --on 2018-06-30 --as lan");
    let to_fund = json!({ "from": "pledge:main", "to": "fund", "amount_fen": 6_000 });
    assert!(flow.as_array().unwrap().contains(&to_fund), "{flow}");
    assert_eq!(refused(&desk, "flow --as li"), "staff.denied");
}

#[test]
fn a_milestone_releases_its_money_when_one_person_says_it_was_met_and_another_lets_it_go() {
    let desk = planned();
    fund(&desk, "take money.jsonl --as wang");
    let approve = "approve b1 --reason yes --on 2018-01-17 --as";
    assert_eq!(refused(&desk, &format!("{approve} lan")), "fund.own_budget");
    fund(&desk, &format!("{approve} wei"));
    fund(&desk, "commit apples 1 --on 2018-06-01 --as lan");
    fund(
        &desk,
        "meet apples 1 --on 2018-06-01 --document paper.txt --as li",
    );
    fund(&desk, "release apples 1 --on 2018-06-01 --as wei");

    let budget = fund(&desk, "budget 2018 --on 2018-06-30 --as wang");
    let pillar = &budget["pillars"][0];
    assert_eq!(
        (&pillar["budget_fen"], &pillar["released_fen"]),
        (&json!(8_000), &json!(5_000))
    );
    assert_eq!(fund(&desk, "projects --as li").as_array().unwrap().len(), 1);
    assert_eq!(fund(&desk, "seal 2018H1 --as lan")["done"], "now");
    let show = ["figures", "show", "fund.received", "--period", "2018H1"];
    assert_eq!(desk.json("data", &show)["figure"]["value"], 6_000);
    let by_pillar = [
        "figures",
        "show",
        "fund.budget",
        "--period",
        "2018H1",
        "--by",
        "pillar",
    ];
    let parts = &desk.json("data", &by_pillar)["by"];
    assert_eq!(
        (&parts[0]["key"], &parts[0]["value"]),
        (&json!("commerce"), &json!(8_000)),
        "{parts}"
    );
}

#[test]
fn a_broken_line_is_named_and_nothing_of_its_batch_is_done() {
    let desk = with_people();
    let unit = json!({ "zh": "组", "en": "unit" });
    write(
        &desk,
        "acts.jsonl",
        &[
            json!({ "own": { "pillar": "commerce", "since": "2017-12-01", "unit": unit } }),
            json!({ "own": { "pillar": "Health!", "since": "2017-12-01", "unit": unit } }),
        ],
    );
    let refused = desk.run("data", &["fund", "take", "acts.jsonl", "--as", "lan"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("acts.jsonl:2:pillar") && refused.err.contains("fund.bad_key"),
        "{refused:?}"
    );
    let budget = desk.json("data", &["fund", "budget", "2018", "--as", "lan"]);
    assert_eq!(budget["pillars"], json!([]));
    std::fs::write(desk.path("bad.jsonl"), "{\"fly\": {}}\n").unwrap();
    let refused = desk.run("data", &["fund", "take", "bad.jsonl", "--as", "lan"]);
    assert!(
        refused.err.contains("bad.jsonl:1") && refused.err.contains("fund.bad_act"),
        "{refused:?}"
    );
}
