//! Questions about the registry, each answered from one snapshot; names and numbers masked.

mod board;
mod case;
mod household;
mod masked;
mod own;
mod pairs;
mod progress;
mod runs;
mod search;
mod shared;
mod sought;
mod submissions;
mod told;

pub use board::{Board, CauseCount, VillageCount, WatchedLine, YearCount};
pub use case::{CasePage, NoticeLine, ObjectionLine, StepLine, case_page};
pub use household::{CaseLine, ConsentLine, HistoryLine, HouseholdPage, IncomeLine, MemberLine, WhoSays};
pub use masked::Masked;
pub use own::{OwnData, OwnStatement};
pub use pairs::{PairDecision, PairLine, PairSide, SeenSide, in_question};
pub use progress::{Exception, ExceptionLine, RunWork, StepProgress, run_work};
pub use runs::{RunLine, RunPage, ScreenedLine, open_runs, run_line, run_page, runs, screened};
pub use search::FoundPerson;
pub use shared::{SharedHousehold, SharedMember};
pub use sought::{Order, Sought, SoughtPage};
pub(crate) use submissions::line as submission_line;
pub use submissions::{SubmissionLine, SubmissionPage, SubmissionReason};
pub use told::{Told, ToldEvent, told};

use kernel::{PlaceCode, Refusal};
use people::staff::PlaceFilter;
use store::Reader;

use crate::acts::Whose;
use crate::repo as sql;

/// The spans of codes someone may see; none of them holds another.
pub(crate) fn spans(seen: &PlaceFilter) -> Vec<(i64, i64)> {
    match seen {
        PlaceFilter::All => vec![(0, i64::MAX)],
        PlaceFilter::Within(places) => {
            let inside = |place: &&PlaceCode| {
                let larger = places.iter().filter(|other| other != place);
                larger.clone().any(|other| place.is_within(*other))
            };
            let outermost = places.iter().filter(|place| !inside(place));
            outermost.map(|place| span(*place)).collect()
        }
    }
}

/// The part of a place that someone may see: all of it, or what they see below it.
pub(crate) fn spans_of(seen: &PlaceFilter, place: PlaceCode) -> Vec<(i64, i64)> {
    let (first, last) = span(place);
    let clipped = spans(seen)
        .into_iter()
        .map(|(from, to)| (from.max(first), to.min(last)));
    clipped.filter(|(from, to)| from <= to).collect()
}

/// The span of codes of a place and everything below it, as the database keeps them.
pub(crate) fn span(place: PlaceCode) -> (i64, i64) {
    let number = |code: u64| i64::try_from(code).unwrap_or(i64::MAX);
    let (first, last) = place.span();
    (number(first), number(last))
}

/// Refuses what stands at a place that may not be seen as if it were not there.
pub(crate) fn require_seen(seen: &PlaceFilter, place: PlaceCode, whose: Whose<'_>) -> Result<(), Refusal> {
    if seen.covers(place) {
        return Ok(());
    }
    Err(sql::unknown(whose))
}

/// Where something is that may be seen.
pub(crate) async fn seen_place(
    reader: &mut Reader,
    seen: &PlaceFilter,
    whose: Whose<'_>,
) -> Result<PlaceCode, Refusal> {
    let place = sql::place_of(reader, whose).await?;
    require_seen(seen, place, whose)?;
    Ok(place)
}

/// Leaves the first so many lines, of all places together.
pub(crate) fn keep_first<T>(lines: &mut Vec<T>, most: i64) {
    lines.truncate(usize::try_from(most).unwrap_or_default());
}
