//! `fishpond backup` and `fishpond restore`.

use std::path::Path;
use std::process::ExitCode;

use kernel::{Fault, Refusal};

use crate::cli::Settings;
use crate::terminal::{either, say};
use crate::world::{self, World};

/// Folders of the data folder that are copied as they are; database, documents and lake are copied by their owners.
const PLAIN_FOLDERS: [&str; 2] = ["programmes", "keys"];

/// Copies everything into a folder.
///
/// # Errors
/// What the store or the lake refuse, or the file system.
pub async fn backup(world: &World, dir: &Path) -> Result<ExitCode, Refusal> {
    world.lake.backup(dir).await?;
    for folder in PLAIN_FOLDERS {
        copy_tree(&world.data.join(folder), &dir.join(folder))?;
    }
    say(format!(
        "{} {}",
        either(world.lang, "已备份到", "backed up to"),
        dir.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Makes the data folder of the settings from a backup, after the backup was checked.
///
/// # Errors
/// `app.data_not_empty`; the first thing wrong with the backup.
pub async fn restore(settings: &Settings, dir: &Path) -> Result<ExitCode, Refusal> {
    let data = &settings.data;
    if std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Refusal::new("app.data_not_empty", Fault::Refused).at(data.display()));
    }
    let report = store::check_backup(dir).await?;
    if let Some(finding) = report.findings.into_iter().next() {
        return Err(finding);
    }
    copy_tree(dir, data)?;
    let world = World::open(settings).await?;
    if let Some(finding) = world.lake.check().await?.into_iter().next() {
        return Err(finding);
    }
    say(format!(
        "{} {}",
        either(world::lang(settings), "已恢复到", "restored to"),
        data.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), Refusal> {
    if !from.exists() {
        return Ok(());
    }
    let failed = |error: std::io::Error| {
        Refusal::new("app.folder_unusable", Fault::Broken)
            .at(to.display())
            .fact("cause", error)
    };
    world::make_folder(to)?;
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_tree(&source, &target)?;
        } else {
            std::fs::copy(&source, &target).map_err(failed)?;
        }
    }
    Ok(())
}
