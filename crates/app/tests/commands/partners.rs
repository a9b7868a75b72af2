//! `fishpond dci`: partners added, changed and removed, and our own key, on the command line.

use serde_json::json;

use crate::desk::Desk;

const KEY: &str = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";

#[test]
fn a_partner_is_added_changed_listed_and_removed() {
    let desk = Desk::new();
    let add = |more: &[&str]| {
        let asked = ["dci", "partner", "add", "SP", "--public-key", KEY, "--lang", "en"];
        desk.run("data", &[&asked, more].concat())
    };
    assert_eq!(
        add(&[]).code,
        2,
        "a place and a purpose are said, or that there is none"
    );
    assert!(
        add(&["--place", "653130", "--purpose", "fish"])
            .err
            .contains("cover, credit")
    );
    let private = add(&["--country", "--by-law", "--callback", "https://10.0.0.1/dci"]);
    assert_eq!(private.code, 1, "{private:?}");
    let added = add(&["--place", "653130", "--purpose", "cover"]);
    assert_eq!(added.code, 0, "{added:?}");
    let changed = add(&["--country", "--by-law", "--reveal", "--receiver-id", "SR"]);
    assert_eq!(changed.code, 0, "{changed:?}");
    let listed = desk.json("data", &["dci", "partner", "list"]);
    assert_eq!(
        (
            &listed[0]["sender_id"],
            &listed[0]["receiver_id"],
            &listed[0]["rights"],
            &listed[0]["public_key"]
        ),
        (
            &json!("SP"),
            &json!("SR"),
            &json!(["read:registry", "reveal:persons"]),
            &json!(KEY)
        )
    );
    let key = desk.json("data", &["dci", "key"]);
    assert_eq!(key, desk.json("data", &["dci", "key"]));
    for changed in [true, false] {
        let removed = desk.json("data", &["dci", "partner", "remove", "SP"]);
        assert_eq!(removed["changed"], changed);
    }
    assert_eq!(desk.json("data", &["dci", "partner", "list"]), json!([]));
}
