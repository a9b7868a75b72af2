//! The command line as a user meets it: what is printed, what is refused and how, what is written and what is not.

use std::io::Write;
use std::process::Stdio;

use crate::desk::{Desk, Ran, names};
use serde_json::{Value, json};

/// A desk whose data folder `data` has the demo's evidence.
fn demo() -> Desk {
    let desk = Desk::new();
    let ran = desk.run("data", &["demo", "--check", "--lines", "10000"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    desk
}

fn assert_refused(ran: &Ran, code: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains(&format!("[{code}]")), "{ran:?}");
}

/// Runs it with a text on standard input.
fn run_with_input(desk: &Desk, args: &[&str], input: &str) -> Ran {
    let mut child = desk
        .command("data", args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ran::of(&child.wait_with_output().unwrap())
}

#[test]
fn fishpond_alone_names_three_commands_to_try() {
    let desk = Desk::new();
    for lang in ["zh", "en"] {
        let ran = desk.run("data", &["--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let commands = ran.out.lines().filter(|line| line.starts_with("  fishpond "));
        assert_eq!(commands.count(), 3, "{}", ran.out);
    }
    assert!(!desk.path("data").exists());
}

#[test]
fn wrong_usage_exits_with_2() {
    let desk = Desk::new();
    for args in [
        &["--colour"][..],
        &["fish"],
        &["sales", "import", "orders.csv"],
        &["simulate", "--lines", "5000", "--out", "out"],
        &["figures", "show", "sales.lines", "--by", "colour"],
    ] {
        let ran = desk.run("data", args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {ran:?}");
    }
    assert!(!desk.path("out").exists() && !desk.path("data").exists());
}

#[test]
fn an_unknown_name_is_refused_with_its_code() {
    let desk = Desk::new();
    std::fs::write(desk.path("orders.csv"), "order_no\n1\n").unwrap();
    for (args, code) in [
        (
            &["sales", "import", "--layout", "none", "orders.csv"][..],
            "programme.no_such_layout",
        ),
        (
            &["sales", "preview", "--layout", "none", "orders.csv"],
            "programme.no_such_layout",
        ),
        (&["figures", "show", "sales.none"], "programme.no_such_figure"),
        (&["places", "show", "某某县"], "places.unknown_name"),
        (
            &["sales", "import", "--layout", "platform", "none.csv"],
            "sales.file_missing",
        ),
    ] {
        assert_refused(&desk.run("data", args), code);
    }
}

#[test]
fn a_place_is_shown_and_one_that_is_not_on_the_list_is_refused() {
    let desk = Desk::new();
    let place = desk.json("data", &["places", "show", "礼县"]);
    assert_eq!(
        (&place["code"], &place["poverty"]["delisted_year"]),
        (&json!("621226"), &json!(2020))
    );
    let listed = ["places", "show", "礼县", "--national-poverty-county"];
    assert_eq!(desk.run("data", &listed).code, 0);
    let refused = desk.run("data", &["places", "show", "长汀县", "--national-poverty-county"]);
    assert_refused(&refused, "places.not_a_national_poverty_county");
}

#[test]
fn a_period_is_published_after_two_other_persons_approved_it_and_corrected_with_a_reason() {
    let desk = demo();
    let run = |args: &[&str]| desk.run("data", &[&["period"], args].concat());
    let done = |args: &[&str]| desk.json("data", &[&["period"], args].concat())["done"].clone();
    for login in ["chen", "lan", "wu"] {
        desk.json("data", &["user", "add", login, "--name", login, "--role", "fund"]);
    }
    assert_refused(&run(&["submit", "2018H1", "--as", "chen"]), "periods.not_opened");
    assert_eq!(done(&["open", "2018H1", "--as", "chen"]), "now");
    assert_refused(
        &run(&["publish", "2018H1", "--as", "chen"]),
        "periods.not_in_review",
    );
    assert_eq!(done(&["submit", "2018H1", "--as", "chen"]), "now");
    let approve = |who: &'static str| ["review", "2018H1", "--approve", "--as", who];
    assert_refused(&run(&approve("chen")), "periods.own_draft");
    assert_eq!(done(&approve("lan")), "now");
    assert_eq!(done(&approve("lan")), "already");
    assert_refused(
        &run(&["publish", "2018H1", "--as", "chen"]),
        "periods.not_approved",
    );
    assert_eq!(done(&approve("wu")), "now");
    assert_eq!(done(&["publish", "2018H1", "--as", "chen"]), "now");
    assert_eq!(done(&["publish", "2018H1", "--as", "wu"]), "already");
    let correct = ["correct", "2018H1", "--as", "lan", "--reason"];
    assert_refused(&run(&[&correct[..], &[" "]].concat()), "periods.reason_missing");
    assert_eq!(done(&[&correct[..], &["六月的订单晚到"]].concat()), "now");
    let listed = desk.json("data", &["period", "list"]);
    assert_eq!(
        (&listed[0]["report"]["state"], &listed[0]["report"]["version"]),
        (&json!("open"), &json!(2))
    );
    assert_eq!(listed[0]["versions"][0]["number"], 1);
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
    assert_eq!(run(&["review", "2018H1", "--as", "lan"]).code, 2);
}

#[test]
fn a_period_is_worked_on_by_users_who_may_and_each_is_one_person() {
    let desk = Desk::new();
    let open = |login: &str| desk.run("data", &["period", "open", "2018H1", "--as", login]);
    assert_refused(&open("chen"), "staff.no_such_user");
    let user = |args: &[&str]| desk.json("data", &[&["user"], args].concat());
    user(&["add", "chen", "--name", "陈", "--role", "admin"]);
    assert_refused(&open("chen"), "staff.denied");
    user(&["add", "lan", "--name", "兰", "--role", "fund"]);
    assert_eq!(open("LAN").code, 0);
    let id = user(&["list"])[1]["id"].clone();
    let period = desk.json("data", &["period", "list"]);
    assert_eq!(period[0]["report"]["opened_by"], id);
    user(&["disable", "lan"]);
    assert_refused(&open("lan"), "staff.user_disabled");
}

#[test]
fn a_figure_is_followed_to_a_line_of_its_county() {
    let desk = demo();
    let show = ["figures", "show", "sales.poverty_counties"];
    let shown = desk.json(
        "data",
        &[&show[..], &["--by", "place", "--trace", "--audit"]].concat(),
    );
    assert_eq!(shown["audit"]["equal"], json!(true));
    let sum = |rows: &Value| -> i64 {
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["value"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(Some(sum(&shown["by"])), shown["figure"]["value"].as_i64());
    let county = shown["by"][0]["key"].as_str().unwrap();
    let traced = desk.json("data", &[&show[..], &["--trace", "--place", county]].concat());
    assert_eq!(Some(sum(&traced["trace"])), shown["by"][0]["value"].as_i64());
    let mut opened = 0;
    for row in traced["trace"].as_array().unwrap() {
        assert_eq!(row["place"], county);
        let file = row["file"].as_str().unwrap();
        if !file.starts_with("platform") {
            continue;
        }
        let text = std::fs::read_to_string(desk.path("data/simulated").join(file)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for number in row["first_source_lines"].as_array().unwrap() {
            let number = usize::try_from(number.as_u64().unwrap()).unwrap();
            assert_eq!(
                lines[number - 1].split(',').nth(3),
                Some(county),
                "{file}:{number}"
            );
            opened += 1;
        }
    }
    assert!(opened > 0, "{traced}");
}

#[test]
fn a_preview_writes_nothing_and_standard_input_is_imported() {
    let desk = Desk::new();
    let made = desk.run(
        "unused",
        &["simulate", "--clean", "--lines", "10000", "--out", "orders"],
    );
    assert_eq!(made.code, 0, "{made:?}");
    let path = "orders/platform.SIMULATED.csv";
    let preview = desk.json("data", &["sales", "preview", "--layout", "platform", path]);
    assert_eq!(preview["rejects"], json!([]));
    assert_eq!(desk.json("data", &["sales", "imports"]), json!([]));
    let check = || desk.json("data", &["check"]);
    assert_eq!(check(), json!({ "facts": 0, "findings": [] }));
    assert_eq!(names(&desk.path("data/lake/segments")), Vec::<String>::new());

    let text = std::fs::read_to_string(desk.path(path)).unwrap();
    let import = ["sales", "import", "--layout", "platform", "-", "--json"];
    let ran = run_with_input(&desk, &import, &text);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let imported: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&imported["accepted"], &imported["rejected"]),
        (&json!(10_000), &json!(0))
    );
    assert_eq!(check(), json!({ "facts": 1, "findings": [] }));
    let again = desk.json("data", &["sales", "import", "--layout", "platform", path]);
    assert_eq!(
        (&again["already_imported"], &again["accepted"]),
        (&json!(true), &json!(0))
    );
}

#[test]
fn a_county_imports_rows_of_its_own_place_only() {
    let desk = Desk::new();
    for (login, role, place) in [("lixian", "county", Some("621226")), ("watch", "observer", None)] {
        let mut add = vec!["user", "add", login, "--name", login, "--role", role];
        add.extend(place.iter().flat_map(|place| ["--place", place]));
        assert_eq!(desk.run("data", &add).code, 0);
    }
    let made = desk.run(
        "data",
        &["simulate", "--clean", "--lines", "10000", "--out", "orders"],
    );
    assert_eq!(made.code, 0, "{made:?}");
    let file = "orders/platform.SIMULATED.csv";
    let by = |command, login| {
        ["sales", command, "--layout", "platform", "--as", login, file]
            .map(str::to_owned)
            .to_vec()
    };
    let run = |args: &[String]| desk.run("data", &args.iter().map(String::as_str).collect::<Vec<_>>());
    for command in ["preview", "import"] {
        assert_refused(&run(&by(command, "watch")), "staff.denied");
        assert_refused(&run(&by(command, "nobody")), "staff.no_such_user");
    }
    let look = run(&by("preview", "lixian"));
    assert!(look.out.contains("[sales.place_not_yours]"), "{look:?}");
    let args = by("import", "lixian");
    let own = desk.json("data", &args.iter().map(String::as_str).collect::<Vec<_>>());
    let (lines, accepted) = (own["lines"].as_u64().unwrap(), own["accepted"].as_u64().unwrap());
    assert!(accepted > 0 && accepted < lines, "{own}");
    assert_eq!(own["rejected"].as_u64().unwrap(), lines - accepted);
    assert_eq!(own["first_rejects"][0]["code"], "sales.place_not_yours");
    // The owner of the machine brings the rest, and nothing twice.
    let all = desk.json("data", &["sales", "import", "--layout", "platform", file]);
    assert_eq!(
        (&all["duplicates"], &all["rejected"]),
        (&own["accepted"], &json!(0))
    );
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}

#[test]
fn a_backup_restores_into_a_new_folder_with_equal_figures() {
    let desk = demo();
    assert_eq!(desk.run("data", &["backup", "kept"]).code, 0);
    assert_eq!(desk.run("restored", &["restore", "kept"]).code, 0);
    assert_refused(&desk.run("restored", &["restore", "kept"]), "app.data_not_empty");
    for args in [
        &["check"][..],
        &["sales", "imports"],
        &["figures", "list", "--audit"],
    ] {
        let (one, other) = (desk.json("data", args), desk.json("restored", args));
        assert_eq!(one, other, "{args:?}");
    }
    assert_eq!(desk.json("restored", &["check"])["findings"], json!([]));
}

#[test]
fn a_pack_with_one_byte_flipped_is_refused_and_the_file_named() {
    let desk = demo();
    assert_eq!(
        desk.run("data", &["pack", "build", "2018H1", "--out", "pack.tar"])
            .code,
        0
    );
    let verified = desk.json("unused", &["pack", "verify", "pack.tar"]);
    assert_eq!((&verified["ok"], &verified["faults"]), (&json!(true), &json!([])));
    assert!(!desk.path("unused").exists());
    let mut bytes = std::fs::read(desk.path("pack.tar")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(desk.path("flipped.tar"), &bytes).unwrap();
    let refused = desk.run("unused", &["pack", "verify", "flipped.tar", "--lang", "en"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let named = refused.out.lines().find_map(|line| {
        let (name, _) = line.strip_prefix("✗ ")?.split_once(": ")?;
        Some(format!("fishpond-2018H1/{name}").into_bytes())
    });
    let named = named.unwrap_or_else(|| panic!("no file is named: {refused:?}"));
    // Every file of a tar begins with its name at a multiple of 512 bytes.
    assert!(
        bytes.chunks(512).any(|block| block.starts_with(&named)),
        "{refused:?}"
    );
}

#[test]
fn a_broken_programme_folder_is_refused_by_file_and_line() {
    let desk = Desk::new();
    assert_eq!(desk.json("data", &["sales", "imports"]), json!([]));
    let folder = desk.path("data/programmes/2018h1");
    let check = ["programme", "check", folder.to_str().unwrap()];
    assert_eq!(desk.run("unused", &check).code, 0);
    let layout = folder.join("channels/hema.toml");
    let text = std::fs::read_to_string(&layout).unwrap();
    let line = text
        .lines()
        .position(|line| line.starts_with("currency"))
        .unwrap()
        + 1;
    std::fs::write(&layout, text.replace("\"CNY\"", "\"yuan\"")).unwrap();
    let refused = desk.run("unused", &check);
    assert_eq!(refused.code, 1);
    assert!(
        refused.out.contains(&format!("channels/hema.toml:{line}")),
        "{refused:?}"
    );
}

#[test]
fn a_user_is_added_given_roles_linked_and_shut_out() {
    let desk = Desk::new();
    let add = [
        "user", "add", "lan", "--name", "李兰", "--role", "county", "--place", "621226",
    ];
    assert_eq!(desk.json("data", &add)["changed"], true);
    assert_eq!(desk.json("data", &add)["changed"], false);
    let role = ["user", "role", "LAN", "observer"];
    assert_eq!(desk.json("data", &role)["changed"], true);
    assert_eq!(
        desk.json("data", &[&role[..], &["--revoke"]].concat())["changed"],
        true
    );
    let users = desk.json("data", &["user", "list"]);
    assert_eq!(users[0]["display_name"], "李兰");
    assert_eq!(users[0]["grants"].as_array().map(Vec::len), Some(1));
    assert_eq!(users[0]["grants"][0]["place"], json!("621226"));
    let link = desk.json("data", &["user", "link", "lan"]);
    assert!(
        link["path"].as_str().is_some_and(|path| path.len() > 43),
        "{link}"
    );
    assert_eq!(desk.json("data", &["user", "disable", "lan"])["changed"], true);
    assert_refused(&desk.run("data", &["user", "link", "lan"]), "staff.user_disabled");
    assert_eq!(desk.json("data", &["user", "enable", "lan"])["changed"], true);
    for (args, code) in [
        (&["user", "add", "兰", "--name", "兰"][..], "staff.bad_login"),
        (&["user", "role", "lan", "boss"], "kernel.bad_role"),
        (&["user", "role", "lan", "county"], "staff.place_needed"),
        (&["user", "disable", "nobody"], "staff.no_such_user"),
    ] {
        assert_refused(&desk.run("data", args), code);
    }
}
