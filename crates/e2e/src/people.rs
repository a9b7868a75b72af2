//! A yearly run of an installation and a case of it, made on the command line before it is served: a household of Bachu that is
//! to leave poverty, its notice put up today. Two records of one person; and a form of a phone that is not taken.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::program::said;
use crate::{Browser, PASSWORD};

/// The case.
pub(crate) const CASE: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Two records of one person, the second as someone else heard the name; a pair that waits.
pub(crate) const PAIR: [&str; 2] = [
    "01890a5d-ac96-774b-aaaa-b302099a8061",
    "01890a5d-ac96-774b-aaaa-b302099a8062",
];

/// The run; it was to be closed long ago, so that someone is late.
pub(crate) const RUN: &str = "653130-2018";

/// Applies for a household that the demo has, and takes its case as far as its first notice.
///
/// # Errors
/// The program refuses.
pub(crate) fn make(program: &Path, data: &Path) -> Result<()> {
    let found = said(program, data, &["registry", "search", "zhang", "--as", "bachu"])?;
    let household = found.pointer("/0/household").context("nobody was found")?;
    let scan = data.join("scan.txt");
    fs::write(&scan, "a scan")?;
    let kept = said(
        program,
        data,
        &["fund", "document", &scan.display().to_string(), "--as", "lan"],
    )?;
    let document = kept.get("sha256").context("nothing was kept")?;
    let acts = data.join("case.jsonl");
    fs::write(&acts, steps(household, document, today()))?;
    said(
        program,
        data,
        &["registry", "take", &acts.display().to_string(), "--as", "bachu"],
    )?;
    said(program, data, &["recognition", "screen", RUN, "--as", "bachu"]).map(drop)
}

/// The day of the program, or the one before it: a notice of today stands.
#[expect(
    clippy::disallowed_methods,
    reason = "the program that is served has the machine's clock"
)]
fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

fn steps(household: &Value, document: &Value, today: Date) -> String {
    let votes = json!({ "case": CASE, "on": today, "eligible": 96, "attended": 81, "in_favour": 74, "against": 3,
        "document": document });
    let objection = json!({ "key": "1", "case": CASE, "on": today, "text": "去年冬天住院，开支很大" });
    let income = json!({ "year": 2017, "wages_fen": 1_890_000, "operating_fen": 0, "property_fen": 0, "transfer_fen": 0,
        "costs_fen": 0 });
    let run = json!({ "run": RUN, "place": "653130", "kind": "exit", "on": "2018-02-01", "due_on": "2018-06-29",
        "steps": { "apply": "2018-03-01", "appraise": "2018-03-20", "first_notice": "2018-04-02", "review": "2018-04-27",
            "second_notice": "2018-05-11", "decide": "2018-06-08", "announce": "2018-06-29" } });
    let acts = [
        json!({ "open_run": run }),
        json!({ "household": { "key": "e2e", "household": household, "since": "2018-02-01", "facts": { "income": income } } }),
        json!({ "apply": { "case": CASE, "household": household, "kind": "exit", "on": today, "document": document, "run": RUN } }),
        json!({ "appraise": votes }),
        json!({ "notice": { "case": CASE, "number": 1, "on": today, "document": document } }),
        json!({ "object": objection }),
        written_down(PAIR[0], "热依拉"),
        written_down(PAIR[1], "热伊拉"),
    ];
    acts.map(|act| act.to_string()).join("\n")
}

/// A household of one.
fn written_down(person: &str, name: &str) -> Value {
    let personal = json!({ "name": name, "phone": "13900000061" });
    let facts = json!({ "relation": "head", "sex": "female", "birth_on": "1975-03-08" });
    let member = json!({ "person": person, "personal": personal, "facts": facts });
    let household = person.replace("-aaaa-", "-bbbb-");
    json!({ "register": { "household": household, "place": "653130101201", "since": "2018-02-01", "members": [member] } })
}

/// Sends what a phone sends whose user mistyped a resident ID, as the office of Bachu.
///
/// # Errors
/// It is not received.
pub(crate) fn send_wrong_form(browser: &Browser) -> Result<()> {
    let xml = "<data id='household' version='1'><home><place>653130101201</place><since>2018-01-10</since>\
               <cause>illness</cause></home><head><name>阿卜杜拉</name><resident_id>653130198001010118</resident_id></head>\
               <meta><instanceID>uuid:0b1f2f1e-5c1c-4bb1-8a54-9fd5a3c1d9aa</instanceID></meta></data>";
    let send = format!(
        "var done = arguments[0], form = new FormData(); \
         form.append('xml_submission_file', new Blob([{}], {{ type: 'text/xml' }}), 'household.xml'); \
         fetch('/openrosa/submission', {{ method: 'POST', body: form, headers: {{ authorization: 'Basic ' + btoa('bachu:' + {}) }} }}) \
         .then(answer => done(answer.status), error => done(String(error)))",
        json!(xml),
        json!(PASSWORD)
    );
    let answered = browser.run_until_done(&send)?;
    ensure!(answered == 201, "answered with {answered}");
    Ok(())
}
