//! Every endpoint, once: the router, the check of parameters and rights, the OpenAPI document and the page `/api` are
//! all made from this table, so none of them can know an endpoint that another does not.

use people::staff::Action;

use super::call::Run;
use super::params::{self as p, Param};
use super::{figures, imports, jobs, periods, places, programme, reports, root, uploads};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Delete,
}

impl Verb {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// One endpoint.
#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub verb: Verb,
    pub path: &'static str,
    /// Its name in the document and in the words.
    pub id: &'static str,
    /// What a caller must be allowed to do; none where everyone may.
    pub needs: Option<Action>,
    pub params: &'static [Param],
    /// Statuses of success, each with the schema of its body; an empty name is a body that is no JSON.
    pub answers: &'static [(u16, &'static str)],
    /// Whether a file is sent in the body.
    pub takes_file: bool,
    pub run: Run,
}

macro_rules! endpoints {
    ($($verb:ident $path:literal $id:literal $needs:expr, [$($param:expr),*], [$($status:literal $schema:literal),+], $file:literal, $run:path;)*) => {
        /// Every endpoint, in the order in which they are read.
        pub(super) const ENDPOINTS: &[Endpoint] = &[$(Endpoint {
            verb: Verb::$verb,
            path: $path,
            id: $id,
            needs: $needs,
            params: &[$($param),*],
            answers: &[$(($status, $schema)),+],
            takes_file: $file,
            run: |call| Box::pin($run(call)),
        }),*];
    };
}

endpoints! {
    Get "/api/v1" "root" None, [], [200 "Root"], false, root::show;
    Get "/api/v1/openapi.json" "openapi" None, [], [200 "OpenApi"], false, root::openapi;
    Get "/api/v1/programme" "programme" None, [], [200 "Programme"], false, programme::show;
    Get "/api/v1/layouts" "layouts" None, [], [200 "LayoutList"], false, programme::layouts;

    Get "/api/v1/figures" "figures" None, [p::PILLAR, p::SEARCH], [200 "FigureList"], false, figures::index;
    Get "/api/v1/figures/{id}" "figure" None, [p::FIGURE, p::PERIOD_OF, p::VERSION_OF], [200 "FigureDetail"], false, figures::show;
    Get "/api/v1/figures/{id}/breakdowns/{dimension}" "breakdown" None,
        [p::FIGURE, p::DIMENSION, p::PERIOD_OF, p::VERSION_OF, p::LIMIT, p::CURSOR], [200 "BreakdownPage"], false, figures::breakdown;
    Get "/api/v1/figures/{id}/trace" "trace" None, [p::FIGURE, p::PLACE_OF], [200 "Trace"], false, figures::trace;
    Get "/api/v1/figures/{id}/trace/{segment}/lines" "lines" None,
        [p::FIGURE, p::SEGMENT, p::PLACE_OF, p::LIMIT, p::CURSOR], [200 "LinePage"], false, figures::lines;

    Get "/api/v1/reports" "reports" None, [], [200 "ReportList"], false, reports::index;
    Get "/api/v1/reports/{period}" "report" None, [p::PERIOD], [200 "ReportDetail"], false, reports::show;
    Get "/api/v1/reports/{period}/versions/{version}" "report_version" None, [p::PERIOD, p::VERSION], [200 "ReportVersion"], false, reports::version;
    Get "/api/v1/reports/{period}/files/{name}" "report_file" None, [p::PERIOD, p::FILE], [200 ""], false, reports::file;

    Get "/api/v1/places" "places" None, [p::SEARCH_NEEDED], [200 "PlaceList"], false, places::index;
    Get "/api/v1/places/{code}" "place" None, [p::PLACE], [200 "PlaceCard"], false, places::show;

    Get "/api/v1/imports" "imports" Some(Action::ViewIntake), [p::LIMIT, p::CURSOR], [200 "ImportPage"], false, imports::index;
    Get "/api/v1/uploads" "uploads" Some(Action::ViewIntake), [p::LIMIT, p::CURSOR], [200 "UploadPage"], false, uploads::index;
    Post "/api/v1/uploads" "upload_create" Some(Action::ImportSales),
        [p::LAYOUT, p::NAME, p::THEN, p::IDEMPOTENCY_KEY, p::CONTENT_DIGEST], [201 "Upload", 200 "Upload"], true, uploads::create;
    Get "/api/v1/uploads/{upload}" "upload" Some(Action::ViewIntake), [p::UPLOAD], [200 "Upload"], false, uploads::show;
    Post "/api/v1/uploads/{upload}/import" "upload_import" Some(Action::ImportSales),
        [p::UPLOAD, p::IDEMPOTENCY_KEY], [202 "Upload", 200 "Upload"], false, uploads::import;
    Delete "/api/v1/uploads/{upload}" "upload_discard" Some(Action::ImportSales),
        [p::UPLOAD, p::IDEMPOTENCY_KEY], [200 "Upload"], false, uploads::discard;

    Get "/api/v1/periods" "periods" Some(Action::ViewPreparing), [], [200 "PeriodList"], false, periods::index;
    Get "/api/v1/periods/{period}" "period" Some(Action::ViewPreparing), [p::PERIOD], [200 "PeriodHistory"], false, periods::show;
    Post "/api/v1/periods/{period}/opening" "period_open" Some(Action::OpenPeriod),
        [p::PERIOD, p::IDEMPOTENCY_KEY], [201 "PeriodOpened", 200 "PeriodOpened"], false, periods::open;

    Get "/api/v1/jobs" "jobs" Some(Action::ViewJobs), [p::LIMIT, p::CURSOR], [200 "JobPage"], false, jobs::index;
    Get "/api/v1/jobs/{job}" "job" Some(Action::ViewJobs), [p::JOB], [200 "Job"], false, jobs::show;
}
