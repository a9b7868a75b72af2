//! `fishpond sales`: preview, import and list order files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kernel::{Actor, Fault, Lang, Money, Refusal};
use lake::Imported;
use lake::intake::{OrderFile, Preview, preview};
use people::staff::{Action, PlaceFilter, Viewer};
use serde_json::{Value, json};

use super::user;
use crate::cli::{Sales, SalesFiles};
use crate::terminal::{either, progress_bar, say, say_json};
use crate::world::World;

/// Runs it.
///
/// # Errors
/// What the layout or a file is refused for; files before it stay imported.
pub async fn run(world: &World, command: Sales) -> Result<ExitCode, Refusal> {
    match command {
        Sales::Preview(wanted) => {
            let sender = sender(world, wanted.actor.as_deref()).await?;
            for path in &wanted.files {
                show_preview(world, &sender, &wanted.layout, path)?;
            }
        }
        Sales::Import(wanted) => import_all(world, wanted).await?,
        Sales::Imports => list(world).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Who hands files in, and for which places.
pub struct Sender {
    actor: Actor,
    within: PlaceFilter,
}

impl Sender {
    /// Whoever owns the machine.
    pub fn owner() -> Self {
        Self {
            actor: Actor::system(),
            within: PlaceFilter::All,
        }
    }
}

/// The one who is named, with their rights; else whoever owns the machine.
async fn sender(world: &World, login: Option<&str>) -> Result<Sender, Refusal> {
    let Some(login) = login else {
        return Ok(Sender::owner());
    };
    let user = user::find(world, login).await?;
    // Nobody acts for someone who is shut out.
    let grants = if user.disabled_at.is_some() {
        Vec::new()
    } else {
        user.grants
    };
    let viewer = Viewer {
        user: Some(user.id),
        grants,
        ..Viewer::nobody()
    };
    Ok(Sender {
        actor: viewer.require(Action::ImportSales, None)?,
        within: viewer.places(Action::ImportSales),
    })
}

fn show_preview(world: &World, sender: &Sender, layout: &str, path: &Path) -> Result<(), Refusal> {
    let layout = world.layout(layout)?;
    let given = Given::new(path)?;
    let preview = preview(
        layout,
        &OrderFile::open(given.path())?,
        world.places,
        &sender.within,
    )?;
    if world.json {
        return say_json(&preview);
    }
    print_preview(&preview, world.lang);
    Ok(())
}

fn print_preview(preview: &Preview, lang: Lang) {
    say(format!("{} · {}", preview.file, preview.heads.join(" | ")));
    for line in &preview.lines {
        let mark = if line.cancelled {
            either(lang, " 取消", " cancelled")
        } else {
            ""
        };
        say(format!(
            "{:>6}  {}  {}  {}  {}  {}{mark}",
            line.line,
            line.order_no,
            line.day,
            line.place_code,
            line.product_code,
            Money::from_fen(line.amount_fen)
        ));
    }
    for reject in &preview.rejects {
        say(format!(
            "{:>6}  ✗ {} [{}]",
            reject.line,
            reject.reason(lang),
            reject.code
        ));
    }
    let (rows, rejected) = (preview.rows_read, preview.rejects.len());
    say(match lang {
        Lang::Zh => format!("看了前 {rows} 行，其中 {rejected} 行不能接收；未写入任何数据"),
        Lang::En => {
            format!("{rows} rows looked at, {rejected} of them would not be taken; nothing was written")
        }
    });
}

async fn import_all(world: &World, wanted: SalesFiles) -> Result<(), Refusal> {
    world.layout(&wanted.layout)?;
    let sender = sender(world, wanted.actor.as_deref()).await?;
    for path in &wanted.files {
        let imported = import(world, &sender, &wanted.layout, path).await?;
        if world.json {
            say_json(&as_json(&imported))?;
        } else {
            print_imported(world, &imported).await?;
        }
    }
    Ok(())
}

/// Imports one file, with a bar on a terminal.
///
/// # Errors
/// What the file is refused for.
pub async fn import(world: &World, sender: &Sender, layout: &str, path: &Path) -> Result<Imported, Refusal> {
    let given = Given::new(path)?;
    let bar = progress_bar(path.display().to_string());
    let moved = |done: u64, total: u64| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let (layout, file) = (world.layout(layout)?, OrderFile::open(given.path())?);
    let imported = world
        .lake
        .import_file(sender.actor.clone(), &sender.within, layout, &file, &moved)
        .await;
    bar.finish_and_clear();
    imported
}

fn as_json(imported: &Imported) -> Value {
    let import = &imported.import;
    json!({
        "import_id": import.id,
        "layout": import.layout,
        "file": import.file_name,
        "file_sha256": import.file_sha256,
        "already_imported": imported.already,
        "lines": import.lines,
        "accepted": import.accepted,
        "rejected": import.rejected,
        "duplicates": import.duplicates,
        "cancelled_lines": import.cancelled_lines,
        "orders": import.orders,
        "gross": Money::from_fen(import.gross_fen).to_string(),
        "net": Money::from_fen(import.net_fen).to_string(),
        "currency": import.currency,
        "simulated": import.simulated,
        "segments": imported.segments,
        "rejects_sha256": import.rejects_sha256,
        "first_rejects": imported.first_rejects,
    })
}

async fn print_imported(world: &World, imported: &Imported) -> Result<(), Refusal> {
    let import = &imported.import;
    let (gross, net) = (Money::from_fen(import.gross_fen), Money::from_fen(import.net_fen));
    say(match world.lang {
        Lang::Zh => format!(
            "{}：{} 行，接收 {}，拒收 {}，重复 {}，取消行 {}，订单 {}，总额 {gross}，净额 {net} {}",
            import.file_name,
            import.lines,
            import.accepted,
            import.rejected,
            import.duplicates,
            import.cancelled_lines,
            import.orders,
            import.currency
        ),
        Lang::En => format!(
            "{}: {} lines, {} accepted, {} rejected, {} duplicates, {} cancelled lines, {} orders, gross {gross}, net {net} {}",
            import.file_name,
            import.lines,
            import.accepted,
            import.rejected,
            import.duplicates,
            import.cancelled_lines,
            import.orders,
            import.currency
        ),
    });
    for reject in &imported.first_rejects {
        say(format!(
            "  {}:{} ✗ {} [{}]",
            import.file_name,
            reject.line,
            reject.reason(world.lang),
            reject.code
        ));
    }
    if let Some(sha256) = &import.rejects_sha256 {
        let path = world.data.join(format!("rejects-{}.csv", import.id));
        let bytes = world.store.documents().get(sha256).await?;
        std::fs::write(&path, bytes).map_err(|error| {
            Refusal::new("app.folder_unusable", Fault::Broken)
                .at(path.display())
                .fact("cause", error)
        })?;
        say(format!(
            "  {} {}",
            either(world.lang, "全部拒收行：", "all rejects:"),
            path.display()
        ));
    }
    Ok(())
}

async fn list(world: &World) -> Result<(), Refusal> {
    let imports = world.lake.imports().await?;
    if world.json {
        return say_json(&imports);
    }
    if imports.is_empty() {
        say(either(
            world.lang,
            "还没有导入过文件。试试：fishpond sales import --layout 渠道 文件",
            "Nothing was imported yet. Try: fishpond sales import --layout NAME FILE",
        ));
    }
    for import in &imports {
        let at = jiff::Timestamp::from_microsecond(import.imported_at)
            .unwrap_or_default()
            .strftime("%Y-%m-%d %H:%M:%SZ");
        say(format!(
            "{at}  {:<18} {:>12} {:>22} {}  {}",
            import.layout,
            import.accepted,
            Money::from_fen(import.net_fen),
            import.currency,
            import.file_name
        ));
    }
    Ok(())
}

/// A file as it was named; standard input is put into a file first, because its bytes are hashed and may be an archive.
struct Given {
    path: PathBuf,
    spooled: Option<tempfile::NamedTempFile>,
}

impl Given {
    fn new(path: &Path) -> Result<Self, Refusal> {
        if path != Path::new("-") {
            return Ok(Self {
                path: path.to_path_buf(),
                spooled: None,
            });
        }
        let failed = |error: std::io::Error| {
            Refusal::new("sales.file_unreadable", Fault::Refused)
                .at("-")
                .fact("cause", error)
        };
        let mut spooled = tempfile::Builder::new()
            .prefix("stdin-")
            .tempfile()
            .map_err(failed)?;
        std::io::copy(&mut std::io::stdin().lock(), &mut spooled).map_err(failed)?;
        spooled.flush().map_err(failed)?;
        Ok(Self {
            path: PathBuf::new(),
            spooled: Some(spooled),
        })
    }

    fn path(&self) -> &Path {
        self.spooled.as_ref().map_or(&self.path, |spooled| spooled.path())
    }
}
