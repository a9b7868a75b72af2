//! What people do with an upload: record it, start its import, discard it.

use kernel::{Actor, Done, Fault, Refusal};
use people::staff::{Action, PlaceFilter};
use serde_json::json;
use store::{Ctx, Evidence, Fact, Jobs};

use super::model::{Upload, UploadId, UploadLimits, UploadState};
use super::receive::StagedUpload;
use super::repo::{self, NewUpload};
use super::{JOB_KIND, Uploads, queries};

/// What is to be done with a file that is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterUpload {
    /// Keep it for a look.
    Hold,
    /// Import it.
    Import,
}

/// What recording did.
struct Recorded {
    upload: Done<UploadId>,
    removed: Vec<UploadId>,
}

impl Uploads {
    /// Records a file that is here whole, and asks for its import where that is wished, in one transaction. Whoever starts
    /// the import, lines of other places than those of whoever sent the file are rejected. The same bytes by the same
    /// layout for the same places answer `Already` with the upload that is there.
    ///
    /// # Errors
    /// `sales.uploads_full`, `staff.denied` where there is no place; what the store gave. The file is then gone.
    pub async fn record(
        &self,
        actor: Actor,
        within: PlaceFilter,
        staged: StagedUpload,
        after: AfterUpload,
    ) -> Result<Done<UploadId>, Refusal> {
        if within.is_empty() {
            return Err(
                Refusal::new("staff.denied", Fault::Denied).fact("action", Action::ImportSales.as_str())
            );
        }
        let (id, new, limits) = (staged.id, NewUpload::of(&staged, &within), self.limits);
        // Kept before its row is written: were this call dropped while it waits, a row without its file would be
        // worse than a file without its row, which is swept.
        staged.keep();
        let recorded: Result<Recorded, Refusal> = self
            .lake
            .store
            .write(actor, move |ctx| {
                Box::pin(async move { record(ctx, id, new, after, limits).await })
            })
            .await;
        let recorded = match recorded {
            Ok(recorded) => recorded,
            Err(refusal) => {
                self.remove(id);
                return Err(refusal);
            }
        };
        if !recorded.upload.is_now() {
            self.remove(id);
        }
        for removed in recorded.removed {
            self.remove(removed);
        }
        self.wake.notify_one();
        Ok(recorded.upload)
    }

    /// Asks for the import of an upload that is held, or that failed.
    ///
    /// # Errors
    /// `sales.no_such_upload`, `sales.upload_discarded`.
    pub async fn start(&self, actor: Actor, id: UploadId) -> Result<Done<()>, Refusal> {
        let started: Result<Done<()>, Refusal> = self
            .lake
            .store
            .write(actor, move |ctx| {
                Box::pin(async move {
                    let upload = queries::find(ctx, id).await?;
                    start(ctx, &upload).await
                })
            })
            .await;
        self.wake.notify_one();
        started
    }

    /// Takes the bytes of an upload away that is not wanted.
    ///
    /// # Errors
    /// `sales.no_such_upload`, `sales.upload_imported`, `sales.upload_in_use`.
    pub async fn discard(&self, actor: Actor, id: UploadId) -> Result<Done<()>, Refusal> {
        let discarded: Result<Done<()>, Refusal> = self
            .lake
            .store
            .write(actor, move |ctx| {
                Box::pin(async move {
                    let upload = queries::find(ctx, id).await?;
                    discard(ctx, &upload).await
                })
            })
            .await;
        let discarded = discarded?;
        self.remove(id);
        Ok(discarded)
    }
}

async fn record(
    ctx: &mut Ctx,
    id: UploadId,
    new: NewUpload,
    after: AfterUpload,
    limits: UploadLimits,
) -> Result<Recorded, Refusal> {
    if let Some(twin) = repo::twin(ctx, &new).await? {
        if after == AfterUpload::Import {
            let upload = queries::find(ctx, twin).await?;
            let _started_or_not = start(ctx, &upload).await?;
        }
        return Ok(Recorded {
            upload: Done::Already(twin),
            removed: Vec::new(),
        });
    }
    let removed = make_room(ctx, &new, limits).await?;
    repo::insert(ctx, id, &new).await?;
    ctx.record(Fact {
        kind: "sales.uploaded",
        place: None,
        amount: None,
        evidence: vec![Evidence::File {
            name: new.file_name.clone(),
            sha256: new.sha256.clone(),
        }],
        body: json!({ "upload": id.to_string(), "layout": new.layout, "places": new.places, "bytes": new.bytes }),
    })
    .await?;
    if after == AfterUpload::Import {
        let upload = queries::find(ctx, id).await?;
        let _first_time = start(ctx, &upload).await?;
    }
    Ok(Recorded {
        upload: Done::Now(id),
        removed,
    })
}

/// Discards the oldest failed uploads until the new one fits.
async fn make_room(ctx: &mut Ctx, new: &NewUpload, limits: UploadLimits) -> Result<Vec<UploadId>, Refusal> {
    let max = i64::try_from(limits.kept_bytes_max).unwrap_or(i64::MAX);
    let mut removed = Vec::new();
    while repo::kept_bytes(ctx).await?.saturating_add(new.bytes) > max {
        let Some(oldest) = repo::oldest_failed(ctx).await? else {
            return Err(Refusal::new("sales.uploads_full", Fault::Refused)
                .at(&new.file_name)
                .fact("max", max));
        };
        let upload = queries::find(ctx, oldest).await?;
        discard_by(ctx, &upload, &Actor::system().id).await?;
        removed.push(oldest);
    }
    Ok(removed)
}

async fn start(ctx: &mut Ctx, upload: &Upload) -> Result<Done<()>, Refusal> {
    match &upload.state {
        UploadState::Discarded { .. } => {
            Err(Refusal::new("sales.upload_discarded", Fault::Refused).at(&upload.file_name))
        }
        UploadState::Waiting { .. } | UploadState::Importing { .. } | UploadState::Imported { .. } => {
            Ok(Done::Already(()))
        }
        UploadState::Held | UploadState::Failed { .. } => {
            let key = upload.id.to_string();
            let job = Jobs::enqueue(ctx, JOB_KIND, &key, &json!({ "upload": key })).await?;
            repo::start(ctx, upload.id, job.into_inner()).await?;
            Ok(Done::Now(()))
        }
    }
}

async fn discard(ctx: &mut Ctx, upload: &Upload) -> Result<Done<()>, Refusal> {
    let refused = |code| Err(Refusal::new(code, Fault::Refused).at(&upload.file_name));
    match &upload.state {
        UploadState::Discarded { .. } => Ok(Done::Already(())),
        UploadState::Imported { .. } => refused("sales.upload_imported"),
        UploadState::Importing { .. } => refused("sales.upload_in_use"),
        UploadState::Held | UploadState::Waiting { .. } | UploadState::Failed { .. } => {
            let by = ctx.actor().id.clone();
            discard_by(ctx, upload, &by).await?;
            Ok(Done::Now(()))
        }
    }
}

async fn discard_by(ctx: &mut Ctx, upload: &Upload, by: &str) -> Result<(), Refusal> {
    repo::discard(ctx, upload.id, by).await?;
    ctx.record(Fact {
        kind: "sales.upload_discarded",
        place: None,
        amount: None,
        evidence: vec![Evidence::File {
            name: upload.file_name.clone(),
            sha256: upload.sha256.clone(),
        }],
        body: json!({ "upload": upload.id.to_string(), "by": by }),
    })
    .await
    .map(drop)
}
