//! Every endpoint, once: the router, the check of parameters and rights, the OpenAPI document and the page `/api` are
//! all made from this table, so none of them can know an endpoint that another does not.

use axum::http::Method;
use people::staff::Action;

use super::call::Run;
use super::params::{self as p, Param};
use super::{
    audit, books, figures, fund, hooks, imports, jobs, payments, periods, places, programme, reports, root,
    uploads, users,
};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Delete,
}

impl Verb {
    pub(super) fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Delete => Method::DELETE,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What is sent in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    /// A file, streamed.
    File,
    /// JSON of this shape.
    Json(&'static str),
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
    pub takes: Takes,
    pub run: Run,
}

impl Endpoint {
    /// Whether an `Idempotency-Key` is heard: not where the answer holds a secret, which is kept nowhere.
    pub(super) fn may_be_repeated(&self) -> bool {
        let mut params = self.params.iter();
        params.any(|param| param.name == p::IDEMPOTENCY_KEY.name)
    }
}

macro_rules! endpoints {
    ($($verb:ident $path:literal $id:literal $needs:expr, [$($param:expr),*], [$($status:literal $schema:literal),+], $takes:ident $(($body:literal))?, $run:path;)*) => {
        /// Every endpoint, in the order in which they are read.
        pub(super) const ENDPOINTS: &[Endpoint] = &[$(Endpoint {
            verb: Verb::$verb,
            path: $path,
            id: $id,
            needs: $needs,
            params: &[$($param),*],
            answers: &[$(($status, $schema)),+],
            takes: Takes::$takes $(($body))?,
            run: |call| Box::pin($run(call)),
        }),*];
    };
}

endpoints! {
    Get "/api/v1" "root" None, [], [200 "Root"], Nothing, root::show;
    Get "/api/v1/openapi.json" "openapi" None, [], [200 "OpenApi"], Nothing, root::openapi;
    Get "/api/v1/programme" "programme" None, [], [200 "Programme"], Nothing, programme::show;
    Get "/api/v1/layouts" "layouts" None, [], [200 "LayoutList"], Nothing, programme::layouts;

    Get "/api/v1/figures" "figures" None, [p::PILLAR, p::SEARCH], [200 "FigureList"], Nothing, figures::index;
    Get "/api/v1/figures/{id}" "figure" None, [p::FIGURE, p::PERIOD_OF, p::VERSION_OF], [200 "FigureDetail"], Nothing, figures::show;
    Get "/api/v1/figures/{id}/breakdowns/{dimension}" "breakdown" None,
        [p::FIGURE, p::DIMENSION, p::PERIOD_OF, p::VERSION_OF, p::LIMIT, p::CURSOR], [200 "BreakdownPage"], Nothing, figures::breakdown;
    Get "/api/v1/figures/{id}/rows" "rows" None, [p::FIGURE, p::LIMIT, p::CURSOR], [200 "RowPage"], Nothing, figures::rows;
    Get "/api/v1/figures/{id}/trace" "trace" None, [p::FIGURE, p::PLACE_OF], [200 "Trace"], Nothing, figures::trace;
    Get "/api/v1/figures/{id}/trace/{segment}/lines" "lines" None,
        [p::FIGURE, p::SEGMENT, p::PLACE_OF, p::LIMIT, p::CURSOR], [200 "LinePage"], Nothing, figures::lines;

    Get "/api/v1/reports" "reports" None, [], [200 "ReportList"], Nothing, reports::index;
    Get "/api/v1/reports/{period}" "report" None, [p::PERIOD], [200 "ReportDetail"], Nothing, reports::show;
    Get "/api/v1/reports/{period}/versions/{version}" "report_version" None, [p::PERIOD, p::VERSION], [200 "ReportVersion"], Nothing, reports::version;
    Get "/api/v1/reports/{period}/files/{name}" "report_file" None, [p::PERIOD, p::FILE], [200 ""], Nothing, reports::file;

    Get "/api/v1/places" "places" None, [p::SEARCH_NEEDED], [200 "PlaceList"], Nothing, places::index;
    Get "/api/v1/places/{code}" "place" None, [p::PLACE], [200 "PlaceCard"], Nothing, places::show;

    Get "/api/v1/imports" "imports" Some(Action::ViewIntake), [p::LIMIT, p::CURSOR], [200 "ImportPage"], Nothing, imports::index;
    Get "/api/v1/uploads" "uploads" Some(Action::ViewIntake), [p::LIMIT, p::CURSOR], [200 "UploadPage"], Nothing, uploads::index;
    Post "/api/v1/uploads" "upload_create" Some(Action::ImportSales),
        [p::LAYOUT, p::NAME, p::THEN, p::IDEMPOTENCY_KEY, p::CONTENT_DIGEST], [201 "Upload", 200 "Upload"], File, uploads::create;
    Get "/api/v1/uploads/{upload}" "upload" Some(Action::ViewIntake), [p::UPLOAD], [200 "Upload"], Nothing, uploads::show;
    Post "/api/v1/uploads/{upload}/import" "upload_import" Some(Action::ImportSales),
        [p::UPLOAD, p::IDEMPOTENCY_KEY], [202 "Upload", 200 "Upload"], Nothing, uploads::import;
    Delete "/api/v1/uploads/{upload}" "upload_discard" Some(Action::ImportSales),
        [p::UPLOAD, p::IDEMPOTENCY_KEY], [200 "Upload"], Nothing, uploads::discard;

    Get "/api/v1/periods" "periods" Some(Action::ViewPreparing), [], [200 "PeriodList"], Nothing, periods::index;
    Get "/api/v1/periods/{period}" "period" Some(Action::ViewPreparing), [p::PERIOD], [200 "PeriodHistory"], Nothing, periods::show;
    Post "/api/v1/periods/{period}/opening" "period_open" Some(Action::OpenPeriod),
        [p::PERIOD, p::IDEMPOTENCY_KEY], [201 "PeriodOpened", 200 "PeriodOpened"], Nothing, periods::open;

    Post "/api/v1/periods/{period}/drafts" "period_draft" Some(Action::OpenPeriod),
        [p::PERIOD, p::IDEMPOTENCY_KEY], [202 "DraftAsked", 200 "DraftAsked"], Nothing, periods::draft;
    Post "/api/v1/periods/{period}/reviews" "period_review" Some(Action::ReviewPeriod),
        [p::PERIOD, p::IDEMPOTENCY_KEY], [201 "PeriodHistory", 200 "PeriodHistory"], Json("SayReview"), periods::review;
    Post "/api/v1/periods/{period}/publication" "period_publish" Some(Action::PublishPeriod),
        [p::PERIOD, p::IDEMPOTENCY_KEY], [201 "PeriodHistory", 200 "PeriodHistory"], Json("SayPublication"), periods::publish;
    Post "/api/v1/periods/{period}/corrections" "period_correct" Some(Action::CorrectPeriod),
        [p::PERIOD, p::IDEMPOTENCY_KEY], [201 "PeriodHistory", 200 "PeriodHistory"], Json("SayCorrection"), periods::correct;

    Get "/api/v1/books/accounts" "accounts" Some(Action::ViewBooks),
        [p::OWNER, p::LIMIT, p::CURSOR], [200 "AccountPage"], Nothing, books::accounts;
    Get "/api/v1/books/accounts/{account}" "account" Some(Action::ViewBooks), [p::ACCOUNT], [200 "Account"], Nothing, books::account;
    Get "/api/v1/books/accounts/{account}/statement" "statement" Some(Action::ViewBooks),
        [p::ACCOUNT, p::FROM, p::THROUGH, p::LIMIT, p::CURSOR], [200 "Statement"], Nothing, books::statement;
    Get "/api/v1/books/entries" "entries" Some(Action::ViewBooks), [p::LIMIT, p::CURSOR], [200 "EntryPage"], Nothing, books::entries;
    Post "/api/v1/books/entries" "entry_post" Some(Action::KeepBooks),
        [p::IDEMPOTENCY_KEY], [201 "Entry", 200 "Entry"], Json("SayEntry"), books::post;
    Get "/api/v1/books/entries/{no}" "entry" Some(Action::ViewBooks), [p::ENTRY], [200 "Entry"], Nothing, books::entry;
    Post "/api/v1/books/entries/{no}/reversal" "entry_reverse" Some(Action::KeepBooks),
        [p::ENTRY, p::IDEMPOTENCY_KEY], [201 "Entry", 200 "Entry"], Json("SayReversal"), books::reverse;
    Get "/api/v1/books/holds" "holds" Some(Action::ViewBooks), [p::HOLD_STATE, p::LIMIT, p::CURSOR], [200 "HoldPage"], Nothing, books::holds;
    Get "/api/v1/books/trial-balance" "trial_balance" Some(Action::ViewBooks), [p::ON], [200 "TrialBalance"], Nothing, books::trial_balance;
    Get "/api/v1/books/periods" "closed_periods" Some(Action::ViewBooks), [], [200 "ClosedPeriodList"], Nothing, books::periods;

    Get "/api/v1/payments" "payments" Some(Action::ViewPayments), [p::LIMIT, p::CURSOR], [200 "BatchPage"], Nothing, payments::index;
    Get "/api/v1/payments/{batch}" "payments_batch" Some(Action::ViewPayments), [p::BATCH], [200 "Batch"], Nothing, payments::show;
    Post "/api/v1/payments/{batch}/approvals" "payments_approve" Some(Action::ApprovePayments),
        [p::BATCH, p::IDEMPOTENCY_KEY], [201 "Batch", 200 "Batch"], Nothing, payments::approve;

    Get "/api/v1/fund/pledges" "fund_pledges" Some(Action::ViewFund), [p::ON], [200 "PledgeList"], Nothing, fund::pledges;
    Get "/api/v1/fund/budget" "fund_budget" Some(Action::ViewFund), [p::PERIOD_OF, p::ON], [200 "Budget"], Nothing, fund::budget;
    Get "/api/v1/fund/projects" "fund_projects" Some(Action::ViewFund), [p::ON], [200 "ProjectList"], Nothing, fund::projects;
    Get "/api/v1/fund/projects/{project}" "fund_project" Some(Action::ViewFund), [p::PROJECT, p::ON], [200 "Project"], Nothing, fund::project;
    Get "/api/v1/fund/leverage" "fund_leverage" Some(Action::ViewFund), [p::ON], [200 "Leverage"], Nothing, fund::leverage;
    Get "/api/v1/fund/flow" "fund_flow" Some(Action::ViewFund), [p::ON], [200 "FlowList"], Nothing, fund::flow;
    Get "/api/v1/fund/pairings" "fund_pairings" Some(Action::ViewFund), [], [200 "PairingList"], Nothing, fund::pairings;
    Get "/api/v1/fund/targets" "fund_targets" Some(Action::ViewFund), [p::ON], [200 "TargetList"], Nothing, fund::targets;
    Get "/api/v1/fund/visits" "fund_visits" Some(Action::ViewFund), [p::PERIOD_OF], [200 "VisitList"], Nothing, fund::visits;
    Get "/api/v1/fund/events" "fund_events" Some(Action::ViewFund), [p::PERIOD_OF], [200 "EventList"], Nothing, fund::events;

    Get "/api/v1/users" "users" Some(Action::ManageUsers), [p::SEARCH, p::LIMIT, p::CURSOR], [200 "UserPage"], Nothing, users::index;
    Post "/api/v1/users" "user_add" Some(Action::ManageUsers),
        [p::IDEMPOTENCY_KEY], [201 "User", 200 "User"], Json("SayUser"), users::create;
    Get "/api/v1/users/{user}" "user" Some(Action::ManageUsers), [p::USER], [200 "User"], Nothing, users::show;
    Post "/api/v1/users/{user}/grants" "user_grant" Some(Action::ManageUsers),
        [p::USER, p::IDEMPOTENCY_KEY], [201 "User", 200 "User"], Json("SayGrant"), users::grant;
    Delete "/api/v1/users/{user}/grants/{grant}" "user_revoke" Some(Action::ManageUsers),
        [p::USER, p::GRANT, p::IDEMPOTENCY_KEY], [200 "User"], Nothing, users::revoke;
    Post "/api/v1/users/{user}/disablement" "user_disable" Some(Action::ManageUsers),
        [p::USER, p::IDEMPOTENCY_KEY], [200 "User"], Nothing, users::disable;
    Post "/api/v1/users/{user}/enablement" "user_enable" Some(Action::ManageUsers),
        [p::USER, p::IDEMPOTENCY_KEY], [200 "User"], Nothing, users::enable;
    Post "/api/v1/users/{user}/link" "user_link" Some(Action::ManageUsers),
        [p::USER], [201 "UserLink"], Nothing, users::link;

    Get "/api/v1/audit" "audit" Some(Action::ViewAudit),
        [p::USER_OF, p::ACTION, p::LIMIT, p::CURSOR], [200 "AuditPage"], Nothing, audit::index;

    Get "/api/v1/webhooks" "webhooks" Some(Action::ManageWebhooks), [], [200 "WebhookList"], Nothing, hooks::index;
    Post "/api/v1/webhooks" "webhook_add" Some(Action::ManageWebhooks), [], [201 "WebhookMade"], Json("SayWebhook"), hooks::create;
    Get "/api/v1/webhooks/{webhook}" "webhook" Some(Action::ManageWebhooks), [p::WEBHOOK], [200 "Webhook"], Nothing, hooks::show;
    Delete "/api/v1/webhooks/{webhook}" "webhook_remove" Some(Action::ManageWebhooks),
        [p::WEBHOOK, p::IDEMPOTENCY_KEY], [200 "WebhookRemoved"], Nothing, hooks::remove;
    Post "/api/v1/webhooks/{webhook}/test" "webhook_test" Some(Action::ManageWebhooks),
        [p::WEBHOOK, p::IDEMPOTENCY_KEY], [202 "WebhookTest"], Nothing, hooks::test;
    Post "/api/v1/webhooks/{webhook}/enablement" "webhook_enable" Some(Action::ManageWebhooks),
        [p::WEBHOOK, p::IDEMPOTENCY_KEY], [200 "Webhook"], Nothing, hooks::enable;
    Get "/api/v1/webhooks/{webhook}/deliveries" "webhook_deliveries" Some(Action::ManageWebhooks),
        [p::WEBHOOK, p::LIMIT, p::CURSOR], [200 "DeliveryPage"], Nothing, hooks::deliveries;

    Get "/api/v1/jobs" "jobs" Some(Action::ViewJobs), [p::LIMIT, p::CURSOR], [200 "JobPage"], Nothing, jobs::index;
    Get "/api/v1/jobs/{job}" "job" Some(Action::ViewJobs), [p::JOB], [200 "Job"], Nothing, jobs::show;
}
