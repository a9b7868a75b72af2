//! What each role may do: one table, read by people first.

use kernel::Role;

/// Something a page or the API does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// See what is published.
    ViewPublic,
    /// See what was imported and what was rejected.
    ViewIntake,
    /// Import order files.
    ImportSales,
    /// See figures and evidence of a period in preparation.
    ViewPreparing,
    /// Open a period.
    OpenPeriod,
    /// Review a period.
    ReviewPeriod,
    /// Publish a period.
    PublishPeriod,
    /// Correct what was published.
    CorrectPeriod,
    /// See the jobs.
    ViewJobs,
    /// Run the checks of the data.
    RunChecks,
    /// Check a programme folder.
    CheckProgramme,
    /// Add users, give and take roles, make links.
    ManageUsers,
    /// Read the audit log.
    ViewAudit,
    /// Make API keys of one's own and revoke them.
    ManageApiKeys,
    /// Make and remove webhooks.
    ManageWebhooks,
    /// See one's own account: sessions, passkeys, password.
    ViewOwnAccount,
    /// See the sales evidence of a place.
    ViewPlaceData,
    /// See the books: accounts, entries, statements, trial balances.
    ViewBooks,
    /// Keep the books: open and close accounts, post, hold, reverse, close periods.
    KeepBooks,
    /// See payments out, names and account numbers masked.
    ViewPayments,
    /// Open, fill and prepare batches of payments.
    PreparePayments,
    /// Approve batches of payments; two persons who did not prepare it have to.
    ApprovePayments,
    /// Let files out to banks, take their answers in, record what was handed out, settle what is open.
    SettlePayments,
    /// See the fund: pledges, budgets, projects, pairings, visits, leverage.
    ViewFund,
    /// Keep the fund: pledges, budgets that wait, projects, commitments, co-finance, targets, the timeline.
    KeepFund,
    /// Approve budgets and release milestones; never one's own.
    ApproveFund,
    /// Report from the field: milestones met, duties, measurements, days worked, visits.
    ReportField,
    /// See the registry of households, masked.
    ViewRegistry,
    /// Write households down, say what changed, and take their cases through the village.
    KeepRegistry,
    /// Review cases of recognition and exit for a township.
    ReviewCases,
    /// Decide cases for a county, and announce the decisions.
    DecideCases,
    /// See who a person is, in full; each time it is written down.
    RevealPersons,
}

impl Action {
    /// Every action, in the order of the list above.
    pub const ALL: [Self; 32] = [
        Self::ViewPublic,
        Self::ViewIntake,
        Self::ImportSales,
        Self::ViewPreparing,
        Self::OpenPeriod,
        Self::ReviewPeriod,
        Self::PublishPeriod,
        Self::CorrectPeriod,
        Self::ViewJobs,
        Self::RunChecks,
        Self::CheckProgramme,
        Self::ManageUsers,
        Self::ViewAudit,
        Self::ManageApiKeys,
        Self::ManageWebhooks,
        Self::ViewOwnAccount,
        Self::ViewPlaceData,
        Self::ViewBooks,
        Self::KeepBooks,
        Self::ViewPayments,
        Self::PreparePayments,
        Self::ApprovePayments,
        Self::SettlePayments,
        Self::ViewFund,
        Self::KeepFund,
        Self::ApproveFund,
        Self::ReportField,
        Self::ViewRegistry,
        Self::KeepRegistry,
        Self::ReviewCases,
        Self::DecideCases,
        Self::RevealPersons,
    ];

    /// The name under which the audit log keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewPublic => "view_public",
            Self::ViewIntake => "view_intake",
            Self::ImportSales => "import_sales",
            Self::ViewPreparing => "view_preparing",
            Self::OpenPeriod => "open_period",
            Self::ReviewPeriod => "review_period",
            Self::PublishPeriod => "publish_period",
            Self::CorrectPeriod => "correct_period",
            Self::ViewJobs => "view_jobs",
            Self::RunChecks => "run_checks",
            Self::CheckProgramme => "check_programme",
            Self::ManageUsers => "manage_users",
            Self::ViewAudit => "view_audit",
            Self::ManageApiKeys => "manage_api_keys",
            Self::ManageWebhooks => "manage_webhooks",
            Self::ViewOwnAccount => "view_own_account",
            Self::ViewPlaceData => "view_place_data",
            Self::ViewBooks => "view_books",
            Self::KeepBooks => "keep_books",
            Self::ViewPayments => "view_payments",
            Self::PreparePayments => "prepare_payments",
            Self::ApprovePayments => "approve_payments",
            Self::SettlePayments => "settle_payments",
            Self::ViewFund => "view_fund",
            Self::KeepFund => "keep_fund",
            Self::ApproveFund => "approve_fund",
            Self::ReportField => "report_field",
            Self::ViewRegistry => "view_registry",
            Self::KeepRegistry => "keep_registry",
            Self::ReviewCases => "review_cases",
            Self::DecideCases => "decide_cases",
            Self::RevealPersons => "reveal_persons",
        }
    }

    /// Whether the action is done at a place, so that a grant at a place can be enough for it.
    pub fn is_at_a_place(self) -> bool {
        matches!(
            self,
            Self::ViewPublic
                | Self::ViewIntake
                | Self::ImportSales
                | Self::ViewPreparing
                | Self::ViewPlaceData
                | Self::ViewPayments
                | Self::PreparePayments
                | Self::ApprovePayments
                | Self::SettlePayments
                | Self::ViewFund
                | Self::KeepFund
                | Self::ReportField
                | Self::ViewRegistry
                | Self::KeepRegistry
                | Self::ReviewCases
                | Self::DecideCases
                | Self::RevealPersons
        )
    }
}

/// How far a role reaches with an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    Nowhere,
    /// What is about oneself.
    OwnRecords,
    /// The place of the grant and everything below it.
    OwnPlace,
    /// Everything the grant covers; the whole country when it names no place.
    Everywhere,
}

/// How far a role reaches with an action. The table; the test below prints it as a page.
#[expect(clippy::match_same_arms, reason = "the table is read by role")]
pub fn reach(role: Role, action: Action) -> Reach {
    use Action as A;
    use Reach::{Everywhere, Nowhere, OwnPlace, OwnRecords};

    match (role, action) {
        (Role::System, _) => Nowhere,
        (_, A::ViewPublic) => Everywhere,
        (_, A::ViewOwnAccount) => OwnRecords,

        // The operator keeps the installation going, and touches no figure.
        (Role::Admin, A::ViewIntake | A::ViewJobs | A::RunChecks | A::CheckProgramme) => Everywhere,
        (Role::Admin, A::ManageUsers | A::ViewAudit | A::ManageWebhooks) => Everywhere,
        (Role::Admin, A::ManageApiKeys) => OwnRecords,

        // The fund answers for the figures.
        (Role::Fund, A::ViewIntake | A::ImportSales | A::ViewPreparing | A::ViewPlaceData) => Everywhere,
        (Role::Fund, A::OpenPeriod | A::ReviewPeriod | A::PublishPeriod | A::CorrectPeriod) => Everywhere,
        (Role::Fund, A::ViewJobs | A::RunChecks | A::CheckProgramme) => Everywhere,
        (Role::Fund, A::ManageApiKeys) => OwnRecords,
        // It says yes to money, and does not move it.
        (Role::Fund, A::ViewPayments | A::ApprovePayments) => Everywhere,

        // The finance desk moves money; its people approve what others of them prepared.
        (Role::Finance, A::ViewPayments | A::PreparePayments) => Everywhere,
        (Role::Finance, A::ApprovePayments | A::SettlePayments) => Everywhere,

        // Who answers for the money sees all of it; who moves it keeps the books.
        (Role::Fund, A::ViewBooks) => Everywhere,
        (Role::Finance, A::ViewBooks | A::KeepBooks) => Everywhere,

        // The fund plans and decides, and reports what it saw; the desk that moves its money sees all of it.
        (Role::Fund, A::ViewFund | A::KeepFund | A::ApproveFund | A::ReportField) => Everywhere,
        (Role::Finance, A::ViewFund) => Everywhere,
        // An observer sees where the money goes.
        (Role::Observer, A::ViewFund) => Everywhere,
        (Role::County, A::ViewFund | A::ReportField) => OwnPlace,

        // A county office hands in and sees what is its own.
        (Role::County, A::ViewIntake | A::ImportSales | A::ViewPreparing | A::ViewPlaceData) => OwnPlace,
        (Role::County, A::ViewPayments | A::PreparePayments | A::SettlePayments) => OwnPlace,
        (Role::County, A::ManageApiKeys) => OwnRecords,

        // A village worker writes households down and takes their cases through the village; an office reviews and decides
        // for its township or its county. The fund reads along, masked.
        (Role::VillageWorker, A::ViewRegistry | A::KeepRegistry | A::RevealPersons) => OwnPlace,
        (Role::County, A::ViewRegistry | A::KeepRegistry | A::RevealPersons) => OwnPlace,
        (Role::County, A::ReviewCases | A::DecideCases) => OwnPlace,
        (Role::Fund, A::ViewRegistry) => Everywhere,

        // An observer sees the evidence of the figures, and no rows that could name someone.
        (Role::Observer, A::ViewPreparing) => Everywhere,

        _ => Nowhere,
    }
}

/// Whether a role is given at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlaceRule {
    Needed,
    Open,
    None,
}

/// Whether a role is given at a place; none for the role that is given to nobody.
pub(super) fn place_rule(role: Role) -> Option<PlaceRule> {
    match role {
        Role::System => None,
        Role::County | Role::VillageWorker | Role::Household | Role::Cooperative => Some(PlaceRule::Needed),
        Role::Admin | Role::Finance => Some(PlaceRule::None),
        Role::Fund
        | Role::Insurer
        | Role::Lender
        | Role::Trainer
        | Role::Judge
        | Role::Employer
        | Role::Donor
        | Role::Observer => Some(PlaceRule::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::Action as A;
    use super::*;

    /// `-` nowhere, `o` own records, `p` own place, `E` everywhere.
    const TABLE: &str = "
                    admin county fund observer finance household village_worker cooperative insurer lender trainer judge employer donor system
view_public         E     E      E    E        E       E         E              E           E       E      E       E     E        E     -
view_intake         E     p      E    -        -       -         -              -           -       -      -       -     -        -     -
import_sales        -     p      E    -        -       -         -              -           -       -      -       -     -        -     -
view_preparing      -     p      E    E        -       -         -              -           -       -      -       -     -        -     -
open_period         -     -      E    -        -       -         -              -           -       -      -       -     -        -     -
review_period       -     -      E    -        -       -         -              -           -       -      -       -     -        -     -
publish_period      -     -      E    -        -       -         -              -           -       -      -       -     -        -     -
correct_period      -     -      E    -        -       -         -              -           -       -      -       -     -        -     -
view_jobs           E     -      E    -        -       -         -              -           -       -      -       -     -        -     -
run_checks          E     -      E    -        -       -         -              -           -       -      -       -     -        -     -
check_programme     E     -      E    -        -       -         -              -           -       -      -       -     -        -     -
manage_users        E     -      -    -        -       -         -              -           -       -      -       -     -        -     -
view_audit          E     -      -    -        -       -         -              -           -       -      -       -     -        -     -
manage_api_keys     o     o      o    -        -       -         -              -           -       -      -       -     -        -     -
manage_webhooks     E     -      -    -        -       -         -              -           -       -      -       -     -        -     -
view_own_account    o     o      o    o        o       o         o              o           o       o      o       o     o        o     -
view_place_data     -     p      E    -        -       -         -              -           -       -      -       -     -        -     -
view_books          -     -      E    -        E       -         -              -           -       -      -       -     -        -     -
keep_books          -     -      -    -        E       -         -              -           -       -      -       -     -        -     -
view_payments       -     p      E    -        E       -         -              -           -       -      -       -     -        -     -
prepare_payments    -     p      -    -        E       -         -              -           -       -      -       -     -        -     -
approve_payments    -     -      E    -        E       -         -              -           -       -      -       -     -        -     -
settle_payments     -     p      -    -        E       -         -              -           -       -      -       -     -        -     -
view_fund           -     p      E    E        E       -         -              -           -       -      -       -     -        -     -
keep_fund           -     -      E    -        -       -         -              -           -       -      -       -     -        -     -
approve_fund        -     -      E    -        -       -         -              -           -       -      -       -     -        -     -
report_field        -     p      E    -        -       -         -              -           -       -      -       -     -        -     -
view_registry       -     p      E    -        -       -         p              -           -       -      -       -     -        -     -
keep_registry       -     p      -    -        -       -         p              -           -       -      -       -     -        -     -
review_cases        -     p      -    -        -       -         -              -           -       -      -       -     -        -     -
decide_cases        -     p      -    -        -       -         -              -           -       -      -       -     -        -     -
reveal_persons      -     p      -    -        -       -         p              -           -       -      -       -     -        -     -
";

    #[test]
    fn every_role_and_action_stands_in_the_table_as_the_code_decides_it() {
        let mut lines = TABLE.lines().filter(|line| !line.trim().is_empty());
        let roles: Vec<Role> = lines
            .next()
            .unwrap()
            .split_whitespace()
            .map(|name| name.parse().unwrap())
            .collect();
        assert_eq!(roles.len(), Role::ALL.len());
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows.len(), Action::ALL.len());
        for (action, row) in Action::ALL.into_iter().zip(&rows) {
            assert_eq!(action.as_str(), row[0]);
            for (role, letter) in roles.iter().zip(&row[1..]) {
                let found = match reach(*role, action) {
                    Reach::Nowhere => "-",
                    Reach::OwnRecords => "o",
                    Reach::OwnPlace => "p",
                    Reach::Everywhere => "E",
                };
                assert_eq!(found, *letter, "{role} {}", row[0]);
            }
            assert_eq!(row.len(), roles.len() + 1);
        }
    }

    #[test]
    fn only_what_is_done_at_a_place_reaches_by_place() {
        for action in Action::ALL {
            for role in Role::ALL {
                assert!(reach(role, action) != Reach::OwnPlace || action.is_at_a_place());
            }
        }
    }

    #[test]
    fn nobody_who_manages_users_can_touch_money_and_a_county_never_approves_its_own() {
        let touches = [A::PreparePayments, A::ApprovePayments, A::SettlePayments];
        for role in Role::ALL
            .into_iter()
            .filter(|role| reach(*role, A::ManageUsers) != Reach::Nowhere)
        {
            assert!(
                touches
                    .iter()
                    .all(|action| reach(role, *action) == Reach::Nowhere),
                "{role}"
            );
        }
        assert_eq!(reach(Role::County, A::ApprovePayments), Reach::Nowhere);
    }

    #[test]
    fn nobody_who_manages_users_can_publish() {
        for role in Role::ALL {
            let manages = reach(role, Action::ManageUsers) != Reach::Nowhere;
            assert!(!manages || reach(role, Action::PublishPeriod) == Reach::Nowhere);
        }
    }
}
