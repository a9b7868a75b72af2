//! The import command: stage a file, then make all of it visible in one transaction. Order of work, so that a kill at any moment leaves either nothing or everything: the file is staged; its finished
//! segments and keys get their final names, durably; one transaction writes the import, its segments' manifests in
//! the chain, the key run and the fact; the staging folder goes. Files whose transaction never came are swept by the
//! next import, which holds the folder's lock.

use std::path::{Path, PathBuf};

use kernel::{Actor, Fault, Refusal};
use people::places::Places;
use people::staff::PlaceFilter;
use programme::layout::Layout;
use serde_json::json;
use store::{Ctx, Evidence, Fact};

use crate::error::io_refusal;
use crate::intake::{Intake, NamedProduct, OrderFile, Progress, Reject, Staged, stage};
use crate::keys::{Run, merge};
use crate::lake::{Import, Lake};
use crate::segments::{Manifest, SegmentFile, Totals};
use crate::staging::Staging;
use crate::{days, files, own_places, repo};

/// Key runs beyond this number are merged.
const KEY_RUNS_MAX: usize = 8;

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The import; where the file was here already, what it adds now: nothing.
    pub import: Import,
    /// Whether the very same file had been imported.
    pub already: bool,
    /// SHA-256 of the segments written.
    pub segments: Vec<String>,
    /// The first rejects.
    pub first_rejects: Vec<Reject>,
}

impl Lake {
    /// Imports an order file for someone who may bring lines of the whole country. The same file twice changes nothing.
    ///
    /// # Errors
    /// What the file is refused for (`sales.*`), `lake.import_running`, `lake.disk_full`; the lake is then as before.
    pub async fn import(
        &self,
        actor: Actor,
        layout: &Layout,
        path: &Path,
        progress: Progress<'_>,
    ) -> Result<Imported, Refusal> {
        self.import_file(
            actor,
            &PlaceFilter::All,
            layout,
            &OrderFile::open(path)?,
            progress,
        )
        .await
    }

    /// Imports an order file that was opened. Lines of places other than those of whoever hands it in are rejected; the
    /// same file counts anew where it was imported for fewer places only, and then brings the lines that are not here yet.
    ///
    /// # Errors
    /// As [`Lake::import`].
    pub async fn import_file(
        &self,
        actor: Actor,
        within: &PlaceFilter,
        layout: &Layout,
        file: &OrderFile,
        progress: Progress<'_>,
    ) -> Result<Imported, Refusal> {
        let lock = self.lock()?;
        self.sweep().await?;
        let places = own_places::text(within);
        let before = self.import_before(layout, file, &places).await?;
        if let Some(import) = before {
            return Ok(already(import));
        }
        let mut reader = self.store.read().await?;
        let known = repo::key_runs(&mut reader).await?;
        drop(reader);
        let id = kernel::IdSource::next(&kernel::SystemIds).to_string();
        let staging = Staging::create(&self.folder.join("staging").join(&id))?;
        let runs = self.open_runs(&known)?;
        let intake = Intake {
            layout,
            file,
            import_id: &id,
            staging: staging.path(),
            places: Places::national(),
            within,
            progress,
        };
        let staged = tokio::task::block_in_place(|| stage(intake, &runs))?;
        let publishing = Publishing::new(id, layout, file, staged, places)?;
        let imported = self.publish(actor, publishing, known).await?;
        drop((staging, lock));
        // Published is published: where there is no room for the sum now, the next reader makes it.
        drop(self.rollup_path().await);
        Ok(imported)
    }

    /// The import of the same file for the same places, or for the whole country.
    async fn import_before(
        &self,
        layout: &Layout,
        file: &OrderFile,
        places: &str,
    ) -> Result<Option<Import>, Refusal> {
        let mut reader = self.store.read().await?;
        let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
        if !repo::has_file_of_size(&mut reader, &layout.channel, &layout.name, bytes).await? {
            return Ok(None);
        }
        let sha256 = file.sha256()?;
        repo::import_of_file(&mut reader, &layout.channel, &layout.name, &sha256, places).await
    }

    fn open_runs(&self, known: &[(String, i64)]) -> Result<Vec<Run>, Refusal> {
        let keys = self.folder.join("keys");
        known
            .iter()
            .map(|(file, _)| {
                Run::open(&keys.join(file)).map_err(|error| io_refusal(&error, &keys.join(file)))
            })
            .collect()
    }

    async fn publish(
        &self,
        actor: Actor,
        mut publishing: Publishing,
        known: Vec<(String, i64)>,
    ) -> Result<Imported, Refusal> {
        if let Some(rejects) = publishing.rejects_file.take() {
            publishing.import.rejects_sha256 = Some(self.store.documents().put_file(&rejects).await?);
        }
        self.place_files(&publishing)?;
        let merged = self.merge_runs(&publishing, known)?;
        let already_here = publishing.imported();
        let clean_up = merged.replaced.clone();
        let imported = self
            .store
            .write(actor, move |ctx| {
                Box::pin(async move { write(ctx, publishing, merged).await })
            })
            .await
            .map(|import| Imported {
                import,
                ..already_here
            })?;
        for file in clean_up {
            // One that stays is swept by the next import.
            drop(std::fs::remove_file(self.folder.join("keys").join(file)));
        }
        Ok(imported)
    }

    fn place_files(&self, publishing: &Publishing) -> Result<(), Refusal> {
        let segments = self.folder.join("segments");
        for segment in &publishing.segments {
            for (from, extension) in [
                (&segment.path, "parquet"),
                (&segment.rollup_path, "rollup.parquet"),
            ] {
                let to = segments.join(format!("{}.{extension}", segment.sha256));
                files::publish(from, &to).map_err(|error| io_refusal(&error, &to))?;
            }
        }
        let to = self.folder.join("keys").join(publishing.run_file());
        files::publish(&publishing.key_run, &to).map_err(|error| io_refusal(&error, &to))
    }

    /// Merges the smallest runs into one where they have become many.
    fn merge_runs(&self, publishing: &Publishing, known: Vec<(String, i64)>) -> Result<Runs, Refusal> {
        let keys = self.folder.join("keys");
        let open =
            |file: &str| Run::open(&keys.join(file)).map_err(|error| io_refusal(&error, &keys.join(file)));
        let new = publishing.run_file();
        let new_keys = open(&new)?.keys().cast_signed();
        if known.len() < KEY_RUNS_MAX {
            return Ok(Runs {
                added: (new, new_keys),
                replaced: Vec::new(),
            });
        }
        let mut smallest: Vec<String> = known
            .into_iter()
            .take(KEY_RUNS_MAX - 1)
            .map(|(file, _)| file)
            .collect();
        smallest.push(new.clone());
        let runs = smallest
            .iter()
            .map(|file| open(file))
            .collect::<Result<Vec<_>, _>>()?;
        let file = format!("merged-{}.keys", publishing.import.id);
        let unfinished = publishing.key_run.with_extension("merged");
        let merged = merge(&runs, &unfinished).map_err(|error| io_refusal(&error, &unfinished))?;
        files::publish(&unfinished, &keys.join(&file)).map_err(|error| io_refusal(&error, &keys))?;
        Ok(Runs {
            added: (file, merged.cast_signed()),
            replaced: smallest,
        })
    }
}

/// Key runs to name and to forget. The run of this import may be among the forgotten: it never had a row.
struct Runs {
    added: (String, i64),
    replaced: Vec<String>,
}

/// Everything one import makes visible.
struct Publishing {
    import: Import,
    /// For which places.
    places: String,
    segments: Vec<SegmentFile>,
    key_run: PathBuf,
    products: Vec<NamedProduct>,
    first_rejects: Vec<Reject>,
    rejects_file: Option<PathBuf>,
}

impl Publishing {
    fn new(
        id: String,
        layout: &Layout,
        file: &OrderFile,
        staged: Staged,
        places: String,
    ) -> Result<Self, Refusal> {
        let mut totals = Totals::default();
        for segment in &staged.segments {
            totals = totals
                .checked_add(segment.totals)
                .ok_or_else(|| Refusal::new("sales.total_too_large", Fault::Refused).at(file.name()))?;
        }
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let import = Import {
            id,
            layout: layout.name.clone(),
            channel: layout.channel.clone(),
            currency: layout.currency.clone(),
            simulated: layout.simulated,
            file_name: file.name(),
            file_sha256: staged.file_sha256,
            file_bytes: count(file.bytes),
            lines: count(staged.lines),
            accepted: totals.rows,
            rejected: count(staged.rejected),
            duplicates: count(staged.duplicates),
            cancelled_lines: totals.cancelled_lines,
            orders: count(staged.orders),
            gross_fen: totals.gross_fen,
            net_fen: totals.net_fen,
            rejects_sha256: None,
            imported_at: 0,
        };
        Ok(Self {
            import,
            places,
            segments: staged.segments,
            key_run: staged.key_run,
            products: staged.products,
            first_rejects: staged.first_rejects,
            rejects_file: staged.rejects_file,
        })
    }

    fn run_file(&self) -> String {
        format!("{}.keys", self.import.id)
    }

    fn imported(&self) -> Imported {
        Imported {
            import: self.import.clone(),
            already: false,
            segments: self
                .segments
                .iter()
                .map(|segment| segment.sha256.clone())
                .collect(),
            first_rejects: self.first_rejects.clone(),
        }
    }
}

async fn write(ctx: &mut Ctx, publishing: Publishing, runs: Runs) -> Result<Import, Refusal> {
    let Publishing {
        mut import,
        places,
        segments,
        products,
        ..
    } = publishing;
    import.imported_at = ctx.now().as_microsecond();
    repo::insert_import(ctx, &import, &places).await?;
    let (mut chain_no, mut previous) = repo::chain_head(ctx).await?;
    for segment in &segments {
        chain_no += 1;
        let manifest = manifest_of(&import, segment, chain_no, previous);
        repo::insert_segment(ctx, &manifest).await?;
        previous = manifest.sha256_of();
    }
    let own = format!("{}.keys", import.id);
    for file in runs.replaced.iter().filter(|file| **file != own) {
        repo::delete_key_run(ctx, file).await?;
    }
    repo::insert_key_run(ctx, &runs.added.0, runs.added.1).await?;
    repo::insert_products(ctx, &import.channel, &products).await?;
    let body = json!({
        "import_id": import.id, "layout": import.layout, "channel": import.channel, "file": import.file_name, "places": places, "accepted": import.accepted,
        "rejected": import.rejected, "duplicates": import.duplicates, "net": import.net_fen, "currency": import.currency, "simulated": import.simulated,
    });
    let file = |name: String, sha256: &String| Evidence::File {
        name,
        sha256: sha256.clone(),
    };
    let evidence = std::iter::once(file(import.file_name.clone(), &import.file_sha256))
        .chain(
            segments
                .iter()
                .map(|segment| file(format!("segments/{}.parquet", segment.sha256), &segment.sha256)),
        )
        .chain(import.rejects_sha256.iter().map(|sha256| Evidence::Document {
            sha256: sha256.clone(),
        }))
        .collect();
    ctx.record(Fact {
        kind: "sales.imported",
        place: None,
        amount: None,
        evidence,
        body,
    })
    .await?;
    Ok(import)
}

fn manifest_of(import: &Import, segment: &SegmentFile, chain_no: i64, previous_sha256: String) -> Manifest {
    Manifest {
        version: 1,
        chain_no,
        previous_sha256,
        sha256: segment.sha256.clone(),
        rollup_sha256: segment.rollup_sha256.clone(),
        merkle_root: segment.merkle_root.clone(),
        totals: segment.totals,
        day_first: days::text(segment.days.0),
        day_last: days::text(segment.days.1),
        channel: import.channel.clone(),
        currency: import.currency.clone(),
        simulated: import.simulated,
        import_id: import.id.clone(),
        file_name: import.file_name.clone(),
        file_sha256: import.file_sha256.clone(),
    }
}

/// The same file again: its lines are all here, so they are duplicates now.
fn already(before: Import) -> Imported {
    let import = Import {
        accepted: 0,
        duplicates: before.duplicates + before.accepted,
        cancelled_lines: 0,
        gross_fen: 0,
        net_fen: 0,
        ..before
    };
    Imported {
        import,
        already: true,
        segments: Vec::new(),
        first_rejects: Vec::new(),
    }
}
