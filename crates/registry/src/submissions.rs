//! Forms that were filled in on phones by other programs than ours (OpenRosa), each received once by the id its device gave it.
//!
//! A submission is kept sealed in the transaction of the act it makes. One whose act is refused is kept with the reasons, and waits
//! for someone to correct it: the household's id follows from the submission's, so that what is registered under it settles it. Its
//! files come with any post that names it; a file of the same name is the same file. Late, twice and out of order comes to the
//! same; the same id with another content is refused.
//!
//! Facts: `registry.submission`, `registry.submission_file`, `registry.submission_set_aside`, without anything that was answered.

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Lang, PlaceCode, Refusal, Text};
use serde_json::json;
use store::{Ctx, Evidence, Fact, Keyring, Row, args};

use crate::acts::{Act, Register};
use crate::checks::refused;
use crate::desk::{Desk, Registry, take};
use crate::model::{HouseholdId, SubmissionState};
use crate::queries::{SubmissionReason, submission_line};
use crate::repo as sql;

/// The longest id of a submission, and the longest name of a file, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// The most files of one submission.
const FILES_MAX: usize = 30;

/// A submission as it came, and what it comes to.
pub struct Received {
    /// The id its device gave it.
    pub instance_id: String,
    /// The form it was filled in by.
    pub form_id: String,
    /// The version of the form; empty where it has none.
    pub form_version: String,
    /// What was sent.
    pub xml: String,
    /// Where it is to be looked for.
    pub place: PlaceCode,
    /// The files that came with this post, by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// What it says, or why it says nothing that can be done.
    pub act: Result<Register, Vec<Refusal>>,
}

/// What is written of a submission.
struct Kept {
    instance_id: String,
    form_id: String,
    form_version: String,
    place: PlaceCode,
    household: HouseholdId,
    mark: String,
    sealed: String,
    refused: Option<String>,
    files: Vec<KeptFile>,
    act: Option<Register>,
}

/// A file that is kept: a document never changes, so it lies under a key of its own, which is sealed beside it.
#[derive(Clone)]
struct KeptFile {
    name: String,
    document: String,
    wrapped: String,
}

impl Registry {
    /// The household that a submission makes.
    #[must_use]
    pub fn household_of_submission(&self, instance_id: &str) -> HouseholdId {
        HouseholdId::from_uuid(self.derived_id(&format!("submission:{instance_id}")))
    }

    /// Keeps a submission and does what it says, once; what came before is `Already`. Whether the actor may is asked before.
    ///
    /// # Errors
    /// `registry.submission_differs` where the id stands for another content; `registry.bad_submission_name`,
    /// `registry.too_many_files`; what the store gives. What the act itself is refused for is kept with the submission.
    pub async fn receive(&self, actor: Actor, received: Received) -> Result<Done<()>, Refusal> {
        require_names(&received)?;
        let mark = self.desk.keyring.mark("submission", &received.xml);
        let files = self.keep_files(&received, &mark).await?;
        let reasons = received.act.as_ref().err().cloned();
        let kept =
            |received: &Received, reasons: Option<&[Refusal]>| self.sealed(received, &mark, &files, reasons);
        let first = kept(&received, reasons.as_deref())?;
        match self.write(actor.clone(), first).await {
            Err(refusal) if is_of_the_act(&refusal) => {
                let second = kept(&received, Some(&[refusal]))?;
                self.write(actor, second).await
            }
            answer => answer,
        }
    }

    /// Says that a submission that waits is not going to be corrected.
    ///
    /// # Errors
    /// `registry.no_such_submission` where none waits.
    pub async fn set_submission_aside(&self, actor: Actor, household: HouseholdId) -> Result<(), Refusal> {
        let written = self.store.write(actor, move |ctx| {
            async move { set_aside(ctx, household).await }.boxed()
        });
        written.await
    }

    async fn write(&self, actor: Actor, kept: Kept) -> Result<Done<()>, Refusal> {
        let desk = self.desk.clone();
        let written = self.store.write(actor, move |ctx| {
            async move { keep(&desk, ctx, kept).await }.boxed()
        });
        written.await
    }

    /// Keeps the files that are new as sealed documents, before what names them; answers all of the post that are.
    async fn keep_files(&self, received: &Received, mark: &str) -> Result<Vec<KeptFile>, Refusal> {
        let id = &received.instance_id;
        let mut reader = self.store.read().await?;
        if let Some(row) = reader.row(sql::SUBMISSION, args![id]).await? {
            require_same(&row, mark, id)?;
        }
        let known = reader.rows(sql::SUBMISSION_FILES, args![id]).await?;
        drop(reader);
        let known: Result<Vec<String>, Refusal> = known.iter().map(|row| row.text("name")).collect();
        let known = known?;
        let mut kept = Vec::new();
        for (name, bytes) in &received.files {
            if known.contains(name) {
                continue;
            }
            let secrets = self.desk.secrets.as_ref();
            let mut seed = [0_u8; 32];
            secrets.fill(&mut seed)?;
            let sealed = Keyring::from_seed(&seed)?.seal(bytes, &file_of(id, name), secrets)?;
            let document = self.store.documents().put(sealed.into_bytes()).await?;
            kept.push(KeptFile {
                name: name.clone(),
                wrapped: self.desk.keyring.seal(&seed, &file_key_of(&document), secrets)?,
                document,
            });
        }
        if known.len() + kept.len() > FILES_MAX {
            return Err(refused("registry.too_many_files", id).fact("max", FILES_MAX));
        }
        Ok(kept)
    }

    fn sealed(
        &self,
        received: &Received,
        mark: &str,
        files: &[KeptFile],
        reasons: Option<&[Refusal]>,
    ) -> Result<Kept, Refusal> {
        let (id, secrets) = (&received.instance_id, self.desk.secrets.as_ref());
        let refused = reasons.map(|reasons| {
            let reasons: Vec<SubmissionReason> = reasons.iter().map(reason).collect();
            let json =
                serde_json::to_vec(&reasons).map_err(|error| Refusal::broken("store.bad_json", &error))?;
            self.desk.keyring.seal(&json, &reasons_of(id), secrets)
        });
        Ok(Kept {
            household: self.household_of_submission(id),
            mark: mark.to_owned(),
            sealed: self
                .desk
                .keyring
                .seal(received.xml.as_bytes(), &owner(id), secrets)?,
            refused: refused.transpose()?,
            files: files.to_vec(),
            instance_id: id.clone(),
            form_id: received.form_id.clone(),
            form_version: received.form_version.clone(),
            place: received.place,
            act: received.act.as_ref().ok().filter(|_| reasons.is_none()).cloned(),
        })
    }
}

/// Writes what is new of a submission, in the transaction of a command.
async fn keep(desk: &Desk, ctx: &mut Ctx, kept: Kept) -> Result<Done<()>, Refusal> {
    let id = &kept.instance_id;
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    let known = ctx.row(sql::SUBMISSION, args![id]).await?;
    let mut is_new = known.is_none();
    if let Some(row) = known {
        require_same(&row, &kept.mark, id)?;
    } else {
        let is_refused = kept.refused.is_some();
        if let Some(act) = kept.act {
            let _now_or_already: Done<()> = take(desk, ctx, &Act::Register(act)).await?;
        }
        let place = args![
            id,
            kept.household.as_uuid(),
            &kept.form_id,
            &kept.form_version,
            kept.mark,
            kept.sealed,
            kept.refused,
            kept.place,
            now,
            by
        ];
        ctx.execute_one(sql::INSERT_SUBMISSION, place).await?;
        let body = json!({ "instance_id": id, "household": kept.household, "form": kept.form_id,
            "version": kept.form_version, "refused": is_refused });
        ctx.record(fact("registry.submission", kept.place, Vec::new(), body))
            .await?;
    }
    for KeptFile {
        name,
        document,
        wrapped,
    } in kept.files
    {
        let row = args![id, name, &document, wrapped, now];
        if ctx.execute(sql::INSERT_SUBMISSION_FILE, row).await? == 1 {
            is_new = true;
            let evidence = vec![Evidence::Document { sha256: document }];
            let body = json!({ "instance_id": id });
            ctx.record(fact("registry.submission_file", kept.place, evidence, body))
                .await?;
        }
    }
    Ok(if is_new { Done::Now(()) } else { Done::Already(()) })
}

async fn set_aside(ctx: &mut Ctx, household: HouseholdId) -> Result<(), Refusal> {
    let row = ctx
        .row(sql::SUBMISSION_OF_HOUSEHOLD, args![household.as_uuid()])
        .await?;
    let line = row.map(|row| submission_line(&row)).transpose()?;
    let waits = line.filter(|line| line.state == SubmissionState::Waits);
    let line = waits.ok_or_else(|| no_such_submission(household))?;
    let now = ctx.now();
    ctx.execute_one(sql::SET_SUBMISSION_ASIDE, args![&line.instance_id, now])
        .await?;
    let body = json!({ "instance_id": line.instance_id, "household": household });
    ctx.record(fact(
        "registry.submission_set_aside",
        line.place,
        Vec::new(),
        body,
    ))
    .await?;
    Ok(())
}

fn fact(kind: &'static str, place: PlaceCode, evidence: Vec<Evidence>, body: serde_json::Value) -> Fact {
    Fact {
        kind,
        place: Some(place),
        amount: None,
        evidence,
        body,
    }
}

fn require_names(received: &Received) -> Result<(), Refusal> {
    let bad = |at: &str, name: &str| {
        let refusal = refused("registry.bad_submission_name", at).value(name);
        refusal.fact("max", NAME_BYTES_MAX)
    };
    let is_name =
        |name: &str| (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.chars().any(char::is_control);
    if !is_name(&received.instance_id) {
        return Err(bad("instanceID", &received.instance_id));
    }
    for (name, _) in &received.files {
        if !is_name(name) || name.contains(['/', '\\']) {
            return Err(bad("file", name));
        }
    }
    Ok(())
}

fn require_same(row: &Row, mark: &str, id: &str) -> Result<(), Refusal> {
    if row.text("content_mark")? == mark {
        return Ok(());
    }
    Err(refused("registry.submission_differs", "instanceID").value(id))
}

/// Whether a refusal is of what a submission says, and not of the submission itself.
fn is_of_the_act(refusal: &Refusal) -> bool {
    refusal.fault == Fault::Refused && refusal.code != "registry.submission_differs"
}

fn reason(refusal: &Refusal) -> SubmissionReason {
    SubmissionReason {
        code: refusal.code.to_owned(),
        text: Text::new(refusal.message(Lang::Zh), refusal.message(Lang::En)),
    }
}

pub(crate) fn no_such_submission(household: HouseholdId) -> Refusal {
    Refusal::new("registry.no_such_submission", Fault::Missing).value(household)
}

/// For what a submission is sealed.
pub(crate) fn owner(instance_id: &str) -> String {
    format!("submission:{instance_id}")
}

pub(crate) fn reasons_of(instance_id: &str) -> String {
    format!("submission-reasons:{instance_id}")
}

/// For what the key of a file is sealed.
pub(crate) fn file_key_of(document: &str) -> String {
    format!("submission-file-key:{document}")
}

fn file_of(instance_id: &str, name: &str) -> String {
    format!("submission-file:{}:{instance_id}:{name}", instance_id.len())
}
