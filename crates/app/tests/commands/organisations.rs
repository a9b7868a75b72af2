//! `fishpond oidc`: providers added, changed and removed, people invited, on the command line.

use std::io::Write as _;
use std::process::Stdio;

use issuer::{CLIENT_ID, CLIENT_SECRET, Issuer};
use serde_json::Value;

use crate::desk::{Desk, Ran};

const NAME: &str = "li-county";

/// Adds the provider with the secret on standard input.
fn add(desk: &Desk, issuer: &Issuer, secret: &str, more: &[&str]) -> Ran {
    let url = issuer.url();
    let asked = [
        "oidc",
        "add",
        NAME,
        "--title",
        "礼县民政局",
        "--issuer",
        &url,
        "--client-id",
        CLIENT_ID,
        "--secret-file",
        "-",
        "--lang",
        "en",
    ];
    let mut command = desk.command("data", &[&asked, more].concat());
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{secret}").unwrap();
    drop(input);
    Ran::of(&child.wait_with_output().unwrap())
}

fn listed(desk: &Desk) -> Value {
    desk.json("data", &["oidc", "list"])
}

#[test]
fn a_provider_is_added_listed_changed_and_removed_and_its_secret_never_shown() {
    let (desk, issuer) = (Desk::new(), Issuer::start());
    let outside = add(&desk, &issuer, CLIENT_SECRET, &[]);
    assert_eq!(outside.code, 1, "this machine is out of reach: {outside:?}");
    assert!(outside.err.contains("oidc_private"), "{outside:?}");
    let private = ["--oidc-private"];
    let added = add(&desk, &issuer, CLIENT_SECRET, &private);
    assert_eq!(added.code, 0, "{added:?}");
    assert!(
        added.out.contains("/signin/organisations/li-county/callback"),
        "{added:?}"
    );
    let again = add(&desk, &issuer, CLIENT_SECRET, &private);
    assert!(again.out.contains("it was so before"), "{again:?}");
    let rotated = add(&desk, &issuer, "another-secret", &private);
    assert!(
        rotated.code == 0 && !rotated.out.contains("before"),
        "{rotated:?}"
    );
    let list = listed(&desk);
    assert_eq!(list[0]["name"], NAME);
    assert_eq!(list[0]["issuer"], issuer.url());
    assert!(!list.to_string().contains("secret"), "{list}");
    let removed = desk.run("data", &["oidc", "remove", NAME]);
    assert_eq!(removed.code, 0, "{removed:?}");
    assert_eq!(listed(&desk), Value::Array(Vec::new()));
    let gone = desk.run("data", &["oidc", "remove", NAME]);
    assert_eq!(gone.code, 1, "{gone:?}");
    let database = std::fs::read(desk.path("data/fishpond.db")).unwrap();
    let database = String::from_utf8_lossy(&database);
    assert!(!database.contains(CLIENT_SECRET) && !database.contains("another-secret"));
}

#[test]
fn a_user_is_invited_and_not_bound_before_they_came() {
    let (desk, issuer) = (Desk::new(), Issuer::start());
    assert_eq!(add(&desk, &issuer, CLIENT_SECRET, &["--oidc-private"]).code, 0);
    let user = [
        "user", "add", "lan", "--name", "兰", "--role", "county", "--place", "621226",
    ];
    assert_eq!(desk.run("data", &user).code, 0);
    let invite = ["oidc", "invite", "lan", NAME, "lan@li.example"];
    assert_eq!(desk.json("data", &invite)["changed"], true);
    assert_eq!(desk.json("data", &invite)["changed"], false);
    assert_eq!(listed(&desk)[0]["invited"], 1);
    for (asked, said) in [
        (&["oidc", "invite", "lan", NAME, "lan"][..], "email"),
        (&["oidc", "invite", "lan", "nowhere", "lan@li.example"], "nowhere"),
        (&["oidc", "invite", "he", NAME, "he@li.example"], "he"),
        (&["oidc", "only", "lan"], "organisation"),
    ] {
        let refused = desk.run("data", &[asked, &["--lang", "en"]].concat());
        assert_eq!(refused.code, 1, "{asked:?}: {refused:?}");
        assert!(refused.err.contains(said), "{asked:?}: {refused:?}");
    }
    assert_eq!(
        desk.json("data", &["oidc", "only", "lan", "--lift"])["changed"],
        false
    );
}

#[test]
fn a_secret_that_cannot_be_read_adds_nothing() {
    let (desk, issuer) = (Desk::new(), Issuer::start());
    let url = issuer.url();
    let asked = [
        "oidc",
        "add",
        NAME,
        "--title",
        "礼县民政局",
        "--issuer",
        &url,
        "--client-id",
        CLIENT_ID,
        "--secret-file",
        "nowhere.txt",
        "--oidc-private",
    ];
    let refused = desk.run("data", &asked);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("nowhere.txt"), "{refused:?}");
    let empty = add(&desk, &issuer, "", &["--oidc-private"]);
    assert_eq!(empty.code, 1, "{empty:?}");
    assert_eq!(listed(&desk), Value::Array(Vec::new()));
}
