//! The books from the command line: what a finance desk does in a day, and what it is refused.

use serde_json::{Value, json};

use crate::desk::Desk;

/// A desk where wang keeps the books and lan, of the fund, only sees them.
fn desk() -> Desk {
    let desk = Desk::new();
    for (login, role) in [("wang", "finance"), ("lan", "fund")] {
        let added = desk.run("data", &["user", "add", login, "--name", login, "--role", role]);
        assert_eq!(added.code, 0, "{added:?}");
    }
    for (code, owner, floor) in [
        ("assets:fund:cash", "fund:main", true),
        ("equity:pledge", "fund:main", false),
        ("expenses:health:premiums", "pillar:health", false),
    ] {
        let open = [
            "accounts", "open", code, "--owner", owner, "--zh", "科目", "--en", "account",
        ];
        let floor: &[&str] = if floor { &["--floor"] } else { &[] };
        let opened = books(&desk, &[&open, floor].concat());
        assert_eq!(opened, json!({ "account": code, "done": "now" }));
    }
    desk
}

/// `fishpond books … --as wang --json`, which has to succeed.
fn books(desk: &Desk, args: &[&str]) -> Value {
    desk.json("data", &[&["books"], args, &["--as", "wang"]].concat())
}

fn read(desk: &Desk, args: &[&str]) -> Value {
    desk.json("data", &[&["books"], args].concat())
}

fn refused(desk: &Desk, args: &[&str]) -> Value {
    let ran = desk.run("data", &[&["books"], args, &["--json"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    serde_json::from_str(ran.err.lines().next().unwrap()).unwrap()
}

fn gift<'a>(key: &'a str, yuan: &'a str) -> Vec<&'a str> {
    vec![
        "post",
        key,
        "--on",
        "2018-06-30",
        "--memo",
        "捐赠",
        "--debit",
        "assets:fund:cash",
        yuan,
        "--credit",
        "equity:pledge",
        yuan,
    ]
}

fn balance(desk: &Desk, code: &str) -> (Value, Value) {
    let accounts = read(desk, &["accounts", "list"]);
    let account = accounts
        .as_array()
        .unwrap()
        .iter()
        .find(|account| account["code"] == code)
        .unwrap();
    (account["balance_fen"].clone(), account["held_fen"].clone())
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, told in the order in which it happens"
)]
fn a_day_of_the_finance_desk_stands_in_the_books_and_in_the_journal() {
    let desk = desk();
    let first = books(&desk, &gift("gift-1", "1000.00"));
    assert_eq!(first, json!({ "made": { "entry": 1 }, "done": "now" }));
    assert_eq!(books(&desk, &gift("gift-1", "1000.00"))["done"], "already");

    let premiums = [
        "--debit",
        "expenses:health:premiums",
        "600",
        "--credit",
        "assets:fund:cash",
        "600",
    ];
    let held = books(&desk, &[&["hold", "make", "batch-7"], &premiums[..]].concat());
    assert_eq!(held["made"], json!({ "hold": 1 }));
    assert_eq!(
        balance(&desk, "assets:fund:cash"),
        (json!(100_000), json!(60_000))
    );
    let part = [
        "--debit",
        "expenses:health:premiums",
        "250.50",
        "--credit",
        "assets:fund:cash",
        "250.50",
    ];
    let post = ["hold", "post", "batch-7", "--key", "paid-7", "--on", "2018-07-01"];
    assert_eq!(
        books(&desk, &[&post, &part[..]].concat())["made"],
        json!({ "entry": 2 })
    );
    assert_eq!(read(&desk, &["hold", "show", "batch-7"])["state"], "posted");
    assert_eq!(balance(&desk, "assets:fund:cash"), (json!(74_950), json!(0)));

    let reverse = ["reverse", "2", "--key", "back-2", "--on", "2018-07-02"];
    assert_eq!(books(&desk, &reverse)["made"], json!({ "entry": 3 }));
    assert_eq!(read(&desk, &["entry", "3"])["reverses"], 2);

    let days = ["--from", "2018-07-01", "--through", "2018-07-31"];
    let statement = read(&desk, &[&["statement", "assets:fund:cash"], &days[..]].concat());
    assert_eq!(statement[0]["opening_fen"], 100_000);
    assert_eq!(statement[0]["lines"].as_array().unwrap().len(), 2);
    let own = read(
        &desk,
        &[&["statement", "--owner", "fund:main"], &days[..]].concat(),
    );
    assert_eq!(own.as_array().unwrap().len(), 2);

    let trial = read(&desk, &["trial-balance", "--on", "2018-07-01"]);
    assert_eq!(
        (&trial["debit_balance_fen"], &trial["credit_balance_fen"]),
        (&json!(100_000), &json!(100_000))
    );

    let closed = books(&desk, &["close", "2018-06"]);
    assert_eq!(closed["closed"]["entries"], 1);
    assert_eq!(read(&desk, &["periods"])[0]["period"], "2018-06");

    let exported = read(&desk, &["export", "--form", "hledger", "--out", "books.journal"]);
    assert_eq!(exported["file"], "books.journal");
    let journal = std::fs::read_to_string(desk.path("books.journal")).unwrap();
    assert_eq!(journal.matches("\n    ; sha256:").count(), 3);
    for (command, file) in [("trial-balance", "trial.xlsx"), ("statement", "statement.xlsx")] {
        let days: &[&str] = if command == "statement" {
            &[&["assets:fund:cash"], &days[..]].concat()
        } else {
            &[]
        };
        read(&desk, &[&[command], days, &["--xlsx", file]].concat());
        assert_eq!(&std::fs::read(desk.path(file)).unwrap()[..2], b"PK");
    }
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}

#[test]
fn what_breaks_a_rule_or_may_not_be_done_is_refused_by_its_code() {
    let desk = desk();
    books(&desk, &gift("gift-1", "10"));
    let mut other = gift("gift-1", "11");
    other.extend(["--as", "wang"]);
    let reused = refused(&desk, &other);
    assert_eq!(
        (&reused["code"], &reused["value"]),
        (&json!("books.key_reused"), &json!("gift-1"))
    );

    let mut by_lan = gift("gift-2", "10");
    by_lan.extend(["--as", "lan"]);
    assert_eq!(refused(&desk, &by_lan)["code"], "staff.denied");

    let take = ["post", "spend", "--on", "2018-06-30", "--as", "wang"];
    let legs = [
        "--debit",
        "expenses:health:premiums",
        "10.01",
        "--credit",
        "assets:fund:cash",
        "10.01",
    ];
    let below = refused(&desk, &[&take, &legs[..]].concat());
    assert_eq!(below["code"], "books.below_zero");
    assert_eq!(below["facts"], json!({ "available": "10.00", "missing": "0.01" }));
    let bad_day = ["post", "x", "--on", "2018-02-30", "--as", "wang"];
    assert_eq!(
        refused(&desk, &[&bad_day, &legs[..]].concat())["code"],
        "app.bad_day"
    );
    assert_eq!(refused(&desk, &["entry", "0"])["code"], "books.bad_entry_no");
    assert_eq!(refused(&desk, &["entry", "9"])["code"], "books.no_such_entry");
    assert_eq!(
        refused(&desk, &["trial-balance", "--known", "then"])["code"],
        "app.bad_instant"
    );
}

#[test]
fn a_file_of_acts_is_taken_whole_and_a_broken_line_is_named() {
    let desk = desk();
    let line = |number: i64| {
        let legs = json!([
            { "account": "assets:fund:cash", "amount_fen": number },
            { "account": "equity:pledge", "amount_fen": -number },
        ]);
        json!({ "post": { "key": format!("line-{number}"), "effective_on": "2018-06-30", "legs": legs } })
            .to_string()
    };
    let lines: Vec<String> = (1..=9_000).map(line).collect();
    std::fs::write(desk.path("acts.jsonl"), lines.join("\n")).unwrap();
    let take = ["take", "acts.jsonl"];
    assert_eq!(books(&desk, &take), json!({ "now": 9_000, "already": 0 }));
    assert_eq!(books(&desk, &take), json!({ "now": 0, "already": 9_000 }));
    assert_eq!(balance(&desk, "assets:fund:cash").0, json!(9_000 * 9_001 / 2));

    let more = [line(9_001), String::new(), line(0)];
    std::fs::write(desk.path("zero.jsonl"), more.join("\n")).unwrap();
    let zero = refused(&desk, &["take", "zero.jsonl", "--as", "wang"]);
    assert_eq!(
        (&zero["code"], &zero["at"]),
        (&json!("books.zero_leg"), &json!("zero.jsonl:3:legs.1"))
    );
    std::fs::write(desk.path("typo.jsonl"), "{\"post\": {\"kye\": 1}}").unwrap();
    let typo = refused(&desk, &["take", "typo.jsonl", "--as", "wang"]);
    assert_eq!(
        (&typo["code"], &typo["at"]),
        (&json!("books.bad_act"), &json!("typo.jsonl:1"))
    );
    let missing = refused(&desk, &["take", "nowhere.jsonl", "--as", "wang"]);
    assert_eq!(missing["code"], "app.file_unreadable");
    assert_eq!(balance(&desk, "assets:fund:cash").0, json!(9_000 * 9_001 / 2));
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}
