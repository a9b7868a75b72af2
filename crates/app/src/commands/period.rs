//! `fishpond period`: the life of a period's report from the command line.

use std::process::ExitCode;

use ::report::periods::{
    self, DRAFT_STAGES, DraftId, DraftInput, Kept, PeriodReport, PeriodState, PublishDraft, ReviewDraft,
    Verdict,
};
use futures::future::BoxFuture;
use kernel::{Actor, Clock, Done, Fault, Lang, Period, Refusal, SystemClock};
use people::staff::Action;
use serde_json::json;
use store::Ctx;

use super::report::{self, Materials};
use super::user;
use crate::cli::{self, PeriodReview, PeriodStep};
use crate::terminal::{either, say, say_json, step_bar};
use crate::world::{self, World};

/// Runs it.
///
/// # Errors
/// What the command is refused for.
pub async fn run(world: &World, command: cli::PeriodReport) -> Result<ExitCode, Refusal> {
    match command {
        cli::PeriodReport::List => list(world).await?,
        cli::PeriodReport::Open(step) => {
            let (period, actor) = (
                world::period(&step.period)?,
                person(world, &step, Action::OpenPeriod).await?,
            );
            let done = open(world, actor, period).await?;
            tell(world, period, done.is_now(), ("已开始编制", "is being prepared"))?;
        }
        cli::PeriodReport::Submit(step) => {
            let period = world::period(&step.period)?;
            let actor = person(world, &step, Action::OpenPeriod).await?;
            periods::require_open(&world.store, period).await?;
            let kept = make(world, period).await?;
            let done = submit(world, actor, period, kept).await?;
            tell(world, period, done.is_now(), ("已提交审核", "is in review"))?;
        }
        cli::PeriodReport::Review(wanted) => review_draft(world, wanted).await?,
        cli::PeriodReport::Publish(step) => {
            let period = world::period(&step.period)?;
            let actor = person(world, &step, Action::PublishPeriod).await?;
            let draft = current_draft(world, period).await?;
            let done = publish(world, actor, period, draft).await?;
            tell(world, period, done.is_now(), ("已发布", "is published"))?;
        }
        cli::PeriodReport::Correct { step, reason } => {
            let (period, actor) = (
                world::period(&step.period)?,
                person(world, &step, Action::CorrectPeriod).await?,
            );
            let done = world
                .store
                .write(actor, move |ctx| {
                    Box::pin(async move { periods::open_correction(ctx, period, &reason).await })
                })
                .await;
            let done: Result<_, Refusal> = done;
            tell(
                world,
                period,
                done?.is_now(),
                ("已开始更正", "is being corrected"),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens a period.
///
/// # Errors
/// As [`periods::open_period`].
pub async fn open(world: &World, actor: Actor, period: Period) -> Result<Done<()>, Refusal> {
    give(world, actor, move |ctx| {
        Box::pin(async move { periods::open_period(ctx, period).await })
    })
    .await
}

/// Makes and keeps a draft, with a bar on a terminal.
///
/// # Errors
/// As [`periods::make_draft`].
pub async fn make(world: &World, period: Period) -> Result<Kept, Refusal> {
    let materials = Materials::of(world)?;
    let bar = step_bar(either(world.lang, "编制半年报", "making the report").to_owned());
    bar.set_length(DRAFT_STAGES);
    let input = DraftInput {
        store: &world.store,
        sources: materials.sources(world),
        period,
        made_at: SystemClock.now(),
        more_files: &report::pdfs,
        scratch: &world.data,
    };
    let kept = periods::make_draft(input, &|done, _| bar.set_position(done)).await;
    bar.finish_and_clear();
    kept
}

/// Submits a draft.
///
/// # Errors
/// As [`periods::submit_for_review`].
pub async fn submit(
    world: &World,
    actor: Actor,
    period: Period,
    kept: Kept,
) -> Result<Done<DraftId>, Refusal> {
    give(world, actor, move |ctx| {
        Box::pin(async move { periods::submit_for_review(ctx, period, kept).await })
    })
    .await
}

/// Reviews a draft.
///
/// # Errors
/// As [`periods::review`].
pub async fn review(world: &World, actor: Actor, said: ReviewDraft) -> Result<Done<()>, Refusal> {
    give(world, actor, move |ctx| {
        Box::pin(async move { periods::review(ctx, said).await })
    })
    .await
}

/// Publishes a draft.
///
/// # Errors
/// As [`periods::publish`].
pub async fn publish(
    world: &World,
    actor: Actor,
    period: Period,
    draft: DraftId,
) -> Result<Done<i64>, Refusal> {
    let wish = PublishDraft { period, draft };
    give(world, actor, move |ctx| {
        Box::pin(async move { periods::publish(ctx, wish).await })
    })
    .await
}

async fn give<T: Send + 'static>(
    world: &World,
    actor: Actor,
    body: impl for<'c> FnOnce(&'c mut Ctx) -> BoxFuture<'c, Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    world.store.write(actor, body).await
}

async fn review_draft(world: &World, wanted: PeriodReview) -> Result<(), Refusal> {
    let period = world::period(&wanted.step.period)?;
    let actor = person(world, &wanted.step, Action::ReviewPeriod).await?;
    let draft = match &wanted.draft {
        Some(id) => id.parse()?,
        None => current_draft(world, period).await?,
    };
    let verdict = match wanted.send_back {
        Some(reason) => Verdict::SentBack { reason },
        None => Verdict::Approved,
    };
    let words = match verdict {
        Verdict::Approved => ("已通过一次审核", "has one more approval"),
        Verdict::SentBack { .. } => ("已退回", "was sent back"),
    };
    let said = ReviewDraft {
        period,
        draft,
        verdict,
    };
    let done = review(world, actor, said).await?;
    tell(world, period, done.is_now(), words)
}

/// The draft in review, or the one that was published: to publish it again is no fault.
async fn current_draft(world: &World, period: Period) -> Result<DraftId, Refusal> {
    let found = periods::by_period(&world.store, period).await?;
    match found.map(|history| history.report.state) {
        Some(PeriodState::InReview { draft, .. }) => Ok(draft.id),
        Some(PeriodState::Published { version }) => Ok(version.draft),
        Some(PeriodState::Open) => Err(Refusal::new("periods.not_in_review", Fault::Refused).at(period)),
        None => Err(Refusal::new("periods.not_opened", Fault::Missing).value(period)),
    }
}

/// Who takes a step, if they may.
async fn person(world: &World, step: &PeriodStep, action: Action) -> Result<Actor, Refusal> {
    user::viewer(world, &step.actor).await?.require_everywhere(action)
}

fn tell(world: &World, period: Period, now: bool, (zh, en): (&str, &str)) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "period": period, "done": if now { "now" } else { "already" } }));
    }
    let before = if now {
        ""
    } else {
        either(world.lang, "（此前已做过）", " (done before)")
    };
    say(match world.lang {
        Lang::Zh => format!("{} {zh}{before}", period.title(Lang::Zh)),
        Lang::En => format!("{} {en}{before}", period.title(Lang::En)),
    });
    Ok(())
}

async fn list(world: &World) -> Result<(), Refusal> {
    let mut histories = Vec::new();
    for report in periods::list(&world.store).await? {
        histories.extend(periods::by_period(&world.store, report.period).await?);
    }
    if world.json {
        return say_json(&histories);
    }
    if histories.is_empty() {
        say(either(
            world.lang,
            "还没有开始编制任何一期。试试：fishpond period open 2018H1 --as 登录名",
            "No period was opened yet. Try: fishpond period open 2018H1 --as LOGIN",
        ));
    }
    for history in &histories {
        say(line(&history.report, world.lang));
        for version in &history.versions {
            say(format!(
                "  v{}  {}  {}  report {}  pack {}  {}",
                version.number,
                version.published_at.strftime("%Y-%m-%d %H:%M:%SZ"),
                version.published_by,
                version.kept.report_sha256,
                version.kept.pack_sha256,
                version.reason.as_deref().unwrap_or_default()
            ));
        }
    }
    Ok(())
}

fn line(report: &PeriodReport, lang: Lang) -> String {
    let state = match &report.state {
        PeriodState::Open => either(lang, "编制中", "being prepared").to_owned(),
        PeriodState::InReview { draft, reviews } => format!(
            "{} {}/{}  {} {}",
            either(lang, "审核中", "in review"),
            reviews.len(),
            periods::APPROVALS,
            either(lang, "稿", "draft"),
            draft.id
        ),
        PeriodState::Published { .. } => either(lang, "已发布", "published").to_owned(),
    };
    format!("{}  v{}  {state}", report.period, report.version)
}
