//! Questions about uploads.

use jiff::Timestamp;
use kernel::{Fault, Refusal};
use people::places::Places;
use programme::Programme;
use store::{Ctx, Job, JobState, Jobs, Reader, Row};

use super::model::{Failure, Upload, UploadId, UploadOrder, UploadState};
use super::receive::by_name;
use super::{Uploads, repo};
use crate::error::broken;
use crate::intake::{OrderFile, Preview, preview};
use crate::own_places;
use crate::repo::import;

/// A row whose state is not known before its job was looked at.
struct Half {
    upload: Upload,
    job: Option<store::JobId>,
}

impl Uploads {
    /// One upload.
    ///
    /// # Errors
    /// What the store gave.
    pub async fn by_id(&self, id: UploadId) -> Result<Option<Upload>, Refusal> {
        let mut reader = self.lake.store.read().await?;
        match repo::by_id(&mut reader, id).await? {
            Some(row) => whole(&mut reader, &row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Uploads in an order: the first page, or those after the last one of the page before; of one person where `by` is
    /// their id.
    ///
    /// # Errors
    /// What the store gave.
    pub async fn page(
        &self,
        order: UploadOrder,
        by: Option<&str>,
        after: Option<UploadId>,
        limit: i64,
    ) -> Result<Vec<Upload>, Refusal> {
        let mut reader = self.lake.store.read().await?;
        let mut uploads = Vec::new();
        for row in repo::page(&mut reader, order, by, after, limit).await? {
            uploads.push(whole(&mut reader, &row).await?);
        }
        Ok(uploads)
    }

    /// What the layout makes of the first rows of an upload that is not imported yet. Writes nothing.
    ///
    /// # Errors
    /// `sales.no_such_upload`, `sales.upload_missing`, and what the file or its layout is refused for.
    pub async fn preview(
        &self,
        programme: &Programme,
        places: &Places,
        id: UploadId,
    ) -> Result<Preview, Refusal> {
        let upload = self.by_id(id).await?.ok_or_else(|| no_such(id))?;
        let layout = programme.layout(&upload.layout)?;
        let file = self.open_file(&upload)?;
        tokio::task::block_in_place(|| preview(layout, &file, places, &upload.within))
            .map_err(|refusal| by_name(refusal, &file.path, &upload.file_name))
    }

    /// The bytes of an upload, said by the name it was sent by.
    pub(super) fn open_file(&self, upload: &Upload) -> Result<OrderFile, Refusal> {
        let path = self.path(upload.id);
        if !path.exists() {
            return Err(Refusal::new("sales.upload_missing", Fault::Refused).at(&upload.file_name));
        }
        OrderFile::open_as(&path, &upload.file_name)
    }
}

/// An upload as a command sees it.
///
/// # Errors
/// `sales.no_such_upload`; what the store gave.
pub(super) async fn find(ctx: &mut Ctx, id: UploadId) -> Result<Upload, Refusal> {
    let row = repo::find(ctx, id).await?.ok_or_else(|| no_such(id))?;
    let half = half(&row)?;
    let job = match half.job {
        Some(job) => Jobs::find_in(ctx, job).await?,
        None => None,
    };
    Ok(half.with(job))
}

async fn whole(reader: &mut Reader, row: &Row) -> Result<Upload, Refusal> {
    let half = half(row)?;
    let job = match half.job {
        Some(job) => reader.job(job).await?,
        None => None,
    };
    Ok(half.with(job))
}

fn no_such(id: UploadId) -> Refusal {
    Refusal::new("sales.no_such_upload", Fault::Missing).value(id)
}

fn half(row: &Row) -> Result<Half, Refusal> {
    let uploaded_at = row.instant("uploaded_at")?;
    let known = known_state(row, uploaded_at)?;
    let job = row.opt_text("job_id")?.filter(|_| known.is_none());
    let upload = Upload {
        id: row.text("upload_id")?.parse()?,
        file_name: row.text("upload_name")?,
        bytes: row.int("bytes")?,
        sha256: row.text("sha256")?,
        layout: row.text("upload_layout")?,
        uploaded_at,
        uploaded_by: row.text("uploaded_by")?,
        uploaded_role: row.text("uploaded_role")?,
        within: own_places::read(&row.text("places")?)?,
        state: known.unwrap_or(UploadState::Held),
    };
    Ok(Half {
        upload,
        job: job.map(|id| id.parse()).transpose()?,
    })
}

/// The state, where the row alone says it.
fn known_state(row: &Row, uploaded_at: Timestamp) -> Result<Option<UploadState>, Refusal> {
    let failure: Option<Failure> = row
        .opt_text("failure")?
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| broken("store.bad_json", &error).at("sales_uploads.failure"))?;
    if row.opt_text("id")?.is_some() {
        let import = Box::new(import(row)?);
        return Ok(Some(UploadState::Imported {
            already: import.imported_at < uploaded_at.as_microsecond(),
            import,
            ended_at: row.instant("ended_at")?,
        }));
    }
    if let Some(by) = row.opt_text("discarded_by")? {
        let at = row.instant("discarded_at")?;
        return Ok(Some(UploadState::Discarded { at, by, failure }));
    }
    Ok(failure.map(|failure| UploadState::Failed { failure }))
}

impl Half {
    fn with(self, job: Option<Job>) -> Upload {
        let state = match job {
            None => self.upload.state,
            Some(job) => match job.state {
                JobState::Waiting | JobState::Finished => UploadState::Waiting { job: job.id },
                JobState::Running => UploadState::Importing {
                    job: job.id,
                    done: job.progress_done,
                    total: job.progress_total,
                },
                // A refusal would stand in the row; without one, the job was given up.
                JobState::Failed => UploadState::Failed {
                    failure: Failure::of(&Refusal::new("store.job_gave_up", Fault::Broken)),
                },
            },
        };
        Upload { state, ..self.upload }
    }
}
