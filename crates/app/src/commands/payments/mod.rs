//! `fishpond payments`: money out, from the command line.

mod lines_of;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use finance::bank::{FILE_BYTES_MAX, Party};
use finance::payments::{
    self, Batch, BatchId, BatchState, BatchWithLines, Decision, NewBatch, Payer, Payments, Receipt, require,
};
use jiff::civil::Date;
use kernel::{Actor, Fault, Lang, PlaceCode, Refusal, SystemIds, SystemSecrets, catalogue};
use people::staff::{Action, Viewer};
use serde_json::json;
use store::Keyring;

use super::user;
use crate::cli::payments::{
    self as cli, PaymentsAdd, PaymentsNew, PaymentsPayout, PaymentsSettle, PaymentsStep,
};
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// Rows that a list shows at most.
const ROWS: i64 = 200;
/// The largest receipt, in bytes.
const SCAN_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// Runs it.
///
/// # Errors
/// What the command is refused for.
pub async fn run(world: &World, command: cli::Payments) -> Result<ExitCode, Refusal> {
    let desk = desk(world)?;
    match command {
        cli::Payments::New(wanted) => open(world, &desk, wanted).await?,
        cli::Payments::Add(wanted) => add(world, &desk, wanted).await?,
        cli::Payments::Prepare(step) => {
            let (batch, actor) = on_batch(world, &step, Action::PreparePayments).await?;
            let done = desk.prepare(actor, batch.id).await?;
            tell(
                world,
                &batch,
                done.is_now(),
                ("已编制完毕，待两人批准", "waits for two approvals"),
            )?;
        }
        cli::Payments::Approve(step) => {
            let (batch, actor) = on_batch(world, &step, Action::ApprovePayments).await?;
            let done = desk.approve(actor, batch.id).await?;
            let words = match done.value() {
                BatchState::Prepared => ("已有一人批准", "has one approval"),
                _ => ("已获批准，款项已预留", "is approved, its money held"),
            };
            tell(world, &batch, done.is_now(), words)?;
        }
        cli::Payments::File { step, out } => write_file(world, &desk, &step, &out).await?,
        cli::Payments::Answer { file, actor } => answer(world, &desk, &file, &actor).await?,
        cli::Payments::Cancel { step, reason } => {
            let (batch, actor) = whoever_prepares_or_approves(world, &step).await?;
            let done = desk.cancel(actor, batch.id, &reason).await?;
            tell(world, &batch, done.is_now(), ("已作废", "is given up"))?;
        }
        cli::Payments::Payout(wanted) => payout(world, &desk, wanted).await?,
        cli::Payments::Settle(wanted) => settle(world, &desk, wanted).await?,
        cli::Payments::List { actor, open } => list(world, &actor, open).await?,
        cli::Payments::Show(step) => show(world, &step).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Where payments are made.
///
/// # Errors
/// What the key of secrets gave.
pub fn desk(world: &World) -> Result<Payments, Refusal> {
    let keyring = Keyring::open_or_make(&world.data, &SystemSecrets)?;
    let (secrets, ids) = (Arc::new(SystemSecrets), Arc::new(SystemIds));
    Ok(Payments::new(world.store.clone(), keyring, secrets, ids))
}

/// The batch that was meant, and who does something with it, if they may where it is.
async fn on_batch(world: &World, step: &PaymentsStep, action: Action) -> Result<(Batch, Actor), Refusal> {
    let viewer = user::viewer(world, &step.actor).await?;
    let batch = find(world, &step.batch).await?.batch;
    let actor = require(&viewer, action, batch.place)?;
    Ok((batch, actor))
}

/// Who gives a batch up: whoever may prepare it, and whoever was to approve it and will not.
async fn whoever_prepares_or_approves(world: &World, step: &PaymentsStep) -> Result<(Batch, Actor), Refusal> {
    match on_batch(world, step, Action::PreparePayments).await {
        Err(refusal) if refusal.code == "staff.denied" => {
            on_batch(world, step, Action::ApprovePayments).await
        }
        found => found,
    }
}

async fn find(world: &World, batch: &str) -> Result<BatchWithLines, Refusal> {
    let by_key = payments::id_by_key(&world.store, batch).await?;
    let id = by_key.or_else(|| batch.parse::<BatchId>().ok());
    let missing = || Refusal::new("payments.no_such_batch", Fault::Missing).value(batch);
    payments::by_id(&world.store, id.ok_or_else(missing)?).await
}

async fn open(world: &World, desk: &Payments, wanted: PaymentsNew) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &wanted.step.actor).await?;
    let place = wanted.place.as_deref().map(str::parse::<PlaceCode>).transpose()?;
    let actor = require(&viewer, Action::PreparePayments, place)?;
    let payer = match payments::account(
        wanted.account.as_deref().unwrap_or_default(),
        wanted.bank.as_deref().unwrap_or_default(),
    )? {
        Some((account, bank)) => Payer::Bank(Party {
            name: wanted.payer,
            account,
            bank,
        }),
        None => Payer::Hands { name: wanted.payer },
    };
    let new = NewBatch {
        key: wanted.step.batch,
        method: wanted.method.parse()?,
        place,
        source: wanted.source.parse()?,
        execute_on: day(&wanted.on)?,
        payer,
    };
    let done = desk.open_batch(actor, new).await?;
    let batch = payments::by_id(&world.store, *done.value()).await?.batch;
    tell(world, &batch, done.is_now(), ("已建立", "is open"))
}

async fn add(world: &World, desk: &Payments, wanted: PaymentsAdd) -> Result<(), Refusal> {
    let (batch, actor) = on_batch(world, &wanted.step, Action::PreparePayments).await?;
    let added = match &wanted.file {
        Some(file) => {
            let added = desk.add_lines(actor, batch.id, lines_of::read(file)?).await;
            added.map_err(|refusal| lines_of::in_file(file, refusal))?
        }
        None => {
            desk.add_lines(actor, batch.id, vec![lines_of::typed(&wanted)?])
                .await?
        }
    };
    let (is_now, count) = (added.is_now(), added.into_inner());
    if world.json {
        return say_json(&json!({
            "batch": batch.id, "key": batch.key, "done": now_or_already(is_now), "added": count,
        }));
    }
    say(match world.lang {
        Lang::Zh => format!("✓ {} 增加了 {count} 笔付款", batch.key),
        Lang::En => format!("✓ {}: payments added: {count}", batch.key),
    });
    Ok(())
}

async fn write_file(world: &World, desk: &Payments, step: &PaymentsStep, out: &Path) -> Result<(), Refusal> {
    let (batch, actor) = on_batch(world, step, Action::SettlePayments).await?;
    let done = desk.write_file(actor, batch.id).await?;
    let file = done.value();
    write_private(out, &file.bytes).map_err(|error| {
        Refusal::new("app.file_unwritable", Fault::Refused)
            .at(out.display())
            .fact("cause", error)
    })?;
    if world.json {
        return say_json(&json!({
            "batch": batch.id, "key": batch.key, "done": now_or_already(done.is_now()), "sha256": file.sha256,
            "file": out.display().to_string(),
        }));
    }
    say(format!(
        "✓ {} {} {}  SHA-256 {}",
        batch.key,
        either(world.lang, "的银行文件：", "bank file:"),
        out.display(),
        file.sha256
    ));
    Ok(())
}

/// Writes a file that only its owner may read, whole or not at all: it names people and their accounts.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut beside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    Ok(())
}

async fn answer(world: &World, desk: &Payments, file: &Path, actor: &str) -> Result<(), Refusal> {
    let actor = user::viewer(world, actor)
        .await?
        .require_everywhere(Action::SettlePayments)?;
    let bytes = read_limited(file, FILE_BYTES_MAX)?;
    let done = desk.take_answer(actor, &bytes).await?;
    let report = done.value();
    if world.json {
        let mut shown = serde_json::to_value(report).map_err(|error| Refusal::broken("app.json", &error))?;
        if let Some(map) = shown.as_object_mut() {
            map.insert("done".to_owned(), json!(now_or_already(done.is_now())));
        }
        return say_json(&shown);
    }
    if !done.is_now() {
        say(either(
            world.lang,
            "这份文件此前已录入，没有改动。",
            "This file was taken in before; nothing changed.",
        ));
        return Ok(());
    }
    say(match world.lang {
        Lang::Zh => format!(
            "✓ {} 说了 {} 件事，新的 {} 件；{} 笔付款有变化，{} 件待人核实，{} 条与付款无关",
            report.message_id, report.said, report.new, report.changed, report.open, report.passed_over
        ),
        Lang::En => format!(
            "✓ {} says {} things, {} of them new; {} payments changed, {} wait for a person, {} entries are not about payments",
            report.message_id, report.said, report.new, report.changed, report.open, report.passed_over
        ),
    });
    Ok(())
}

/// The bytes of a file of at most a size; a larger one is refused before it is read.
fn read_limited(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Refusal> {
    let unreadable = |error: std::io::Error| {
        let refusal = Refusal::new("app.file_unreadable", Fault::Refused);
        refusal.at(path.display()).fact("cause", error)
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > bytes_max {
        let refusal = Refusal::new("app.file_too_large", Fault::Refused);
        return Err(refusal.at(path.display()).value(size).fact("max", bytes_max));
    }
    std::fs::read(path).map_err(unreadable)
}

async fn payout(world: &World, desk: &Payments, wanted: PaymentsPayout) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &wanted.actor).await?;
    let line = wanted.line.parse()?;
    let batch = payments::batch_of_line(&world.store, line).await?.batch;
    let actor = require(&viewer, Action::SettlePayments, batch.place)?;
    let witness = user::find(world, &wanted.witness).await?;
    let scan = read_limited(&wanted.scan, SCAN_BYTES_MAX)?;
    let receipt = Receipt {
        number: wanted.receipt,
        document_sha256: world.store.documents().put(scan).await?,
        paid_on: day(&wanted.on)?,
        witness: witness.id.to_string(),
    };
    let done = desk.hand_out(actor, line, receipt).await?;
    tell(
        world,
        &batch,
        done.is_now(),
        ("发放了一笔", "has one more payment handed out"),
    )
}

async fn settle(world: &World, desk: &Payments, wanted: PaymentsSettle) -> Result<(), Refusal> {
    let actor = user::viewer(world, &wanted.actor)
        .await?
        .require_everywhere(Action::SettlePayments)?;
    let decision = match (wanted.line, wanted.nobody) {
        (Some(line), _) => Decision::Line(line.parse()?),
        (None, reason) => Decision::Nobody {
            reason: reason.unwrap_or_default(),
        },
    };
    let done = desk.settle(actor, wanted.saying.parse()?, decision).await?;
    if world.json {
        return say_json(&json!({ "saying": wanted.saying, "done": now_or_already(done.is_now()) }));
    }
    say(format!(
        "✓ {} {}",
        wanted.saying,
        either(world.lang, "已处理", "is settled")
    ));
    Ok(())
}

async fn list(world: &World, actor: &str, open: bool) -> Result<(), Refusal> {
    let viewer = user::viewer(world, actor).await?;
    if open {
        viewer.require_everywhere(Action::ViewPayments)?;
        let sayings = payments::open_sayings(&world.store, None, ROWS).await?;
        if world.json {
            return say_json(&sayings);
        }
        for one in sayings {
            let trouble = catalogue::say(one.trouble.as_deref().unwrap_or_default(), world.lang);
            let amount = one.amount.map(|amount| amount.to_string()).unwrap_or_default();
            let reference = one.reference.or(one.account).unwrap_or_default();
            say(format!(
                "{}  {}  {amount}  {reference}  {trouble}",
                one.id,
                one.says.as_str()
            ));
        }
        return Ok(());
    }
    viewer.require(Action::ViewPayments, None)?;
    let batches = payments::page(&world.store, &viewer.places(Action::ViewPayments), None, ROWS).await?;
    if world.json {
        return say_json(&batches);
    }
    if batches.is_empty() {
        say(either(
            world.lang,
            "还没有付款批次。",
            "There are no batches yet.",
        ));
    }
    for batch in &batches {
        say(line_of(batch, world.lang));
    }
    Ok(())
}

async fn show(world: &World, step: &PaymentsStep) -> Result<(), Refusal> {
    let viewer: Viewer = user::viewer(world, &step.actor).await?;
    let found = find(world, &step.batch).await?;
    require(&viewer, Action::ViewPayments, found.batch.place)?;
    if world.json {
        return say_json(&found);
    }
    say(line_of(&found.batch, world.lang));
    for payment in &found.payments {
        say(format!(
            "  {}  {}  {}  {}  {}  {} / {}",
            payment.id,
            payment.payee,
            payment.account.as_deref().unwrap_or("—"),
            payment.amount,
            payment.state.as_str(),
            payment.paid,
            payment.returned
        ));
    }
    Ok(())
}

fn line_of(batch: &Batch, lang: Lang) -> String {
    let state = match batch.state {
        BatchState::Draft => either(lang, "编制中", "draft"),
        BatchState::Prepared => either(lang, "待批准", "waits for approval"),
        BatchState::Approved => either(lang, "已批准", "approved"),
        BatchState::Out => either(lang, "已放行", "out"),
        BatchState::Cancelled => either(lang, "已作废", "given up"),
    };
    format!(
        "{}  {state} {}/{}  {} {} {}  {} {}",
        batch.key,
        batch.approved_by.len(),
        payments::APPROVALS,
        batch.lines,
        either(lang, "笔，元", "payments, yuan"),
        batch.total,
        either(lang, "已付", "paid"),
        batch.paid
    )
}

fn day(text: &str) -> Result<Date, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("app.bad_day", Fault::Refused).value(text))
}

fn now_or_already(now: bool) -> &'static str {
    if now { "now" } else { "already" }
}

fn tell(world: &World, batch: &Batch, now: bool, (zh, en): (&str, &str)) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "batch": batch.id, "key": batch.key, "done": now_or_already(now) }));
    }
    let before = if now {
        ""
    } else {
        either(world.lang, "（此前已做过）", " (done before)")
    };
    say(format!("✓ {} {}{before}", batch.key, either(world.lang, zh, en)));
    Ok(())
}
