//! API keys: how a program acts for a user, with less than the user may do.

use std::fmt;
use std::str::FromStr;

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Done, Fault, Refusal, day_in_china, typed_id};
use serde::Serialize;
use store::{Row, args};

use super::commands::require_user;
use super::desk::Staff;
use super::events::{StaffEvent, record};
use super::model::UserId;
use super::queries::{opt_instant, user_by_id};
use super::repo::keys as sql;
use super::rights::Action;
use super::rules::{API_KEY_DAYS_MAX, after, require_name};
use super::secret::{Secret, sha256_hex};
use super::viewer::Viewer;

/// What every key begins with, so that one left in a file is found by a search.
const PREFIX: &str = "fp_";

typed_id!(
    /// One API key.
    ApiKeyId
);

/// A group of actions that a key may be limited to. The own account is in none: a person looks after it. To review, to
/// publish and to approve payments are groups of their own, so that a key for the routine work can do none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Figures and evidence.
    ReadFigures,
    /// Imports, rejected rows and jobs.
    ReadIntake,
    /// Import order files.
    WriteSales,
    /// Open periods, ask for drafts and run checks.
    WritePeriods,
    /// Review drafts.
    ReviewPeriods,
    /// Publish and correct reports.
    PublishPeriods,
    /// Add users, give and take roles, make links.
    ManageUsers,
    /// Read the audit log.
    ReadAudit,
    /// Make and remove webhooks.
    ManageWebhooks,
    /// The books.
    ReadBooks,
    /// Post to the books.
    WriteBooks,
    /// Payments out, names and account numbers masked.
    ReadPayments,
    /// Approve payments.
    ApprovePayments,
    /// The fund.
    ReadFund,
    /// The registry, masked.
    ReadRegistry,
    /// Who a person of the registry is, in full.
    RevealPersons,
    /// Write down households and persons.
    WriteRegistry,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 17] = [
        Self::ReadFigures,
        Self::ReadIntake,
        Self::WriteSales,
        Self::WritePeriods,
        Self::ReviewPeriods,
        Self::PublishPeriods,
        Self::ManageUsers,
        Self::ReadAudit,
        Self::ManageWebhooks,
        Self::ReadBooks,
        Self::WriteBooks,
        Self::ReadPayments,
        Self::ApprovePayments,
        Self::ReadFund,
        Self::ReadRegistry,
        Self::RevealPersons,
        Self::WriteRegistry,
    ];

    /// The name under which it is kept and asked for.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadFigures => "read:figures",
            Self::ReadIntake => "read:intake",
            Self::WriteSales => "write:sales",
            Self::WritePeriods => "write:periods",
            Self::ReviewPeriods => "review:periods",
            Self::PublishPeriods => "publish:periods",
            Self::ManageUsers => "manage:users",
            Self::ReadAudit => "read:audit",
            Self::ManageWebhooks => "manage:webhooks",
            Self::ReadBooks => "read:books",
            Self::WriteBooks => "write:books",
            Self::ReadPayments => "read:payments",
            Self::ApprovePayments => "approve:payments",
            Self::ReadFund => "read:fund",
            Self::ReadRegistry => "read:registry",
            Self::RevealPersons => "reveal:persons",
            Self::WriteRegistry => "write:registry",
        }
    }

    /// What it lets through, as far as the owner may do it.
    pub fn actions(self) -> &'static [Action] {
        match self {
            Self::ReadFigures => &[Action::ViewPublic, Action::ViewPreparing, Action::ViewPlaceData],
            Self::ReadIntake => &[Action::ViewIntake, Action::ViewJobs],
            Self::WriteSales => &[Action::ImportSales],
            Self::WritePeriods => &[Action::OpenPeriod, Action::RunChecks, Action::CheckProgramme],
            Self::ReviewPeriods => &[Action::ReviewPeriod],
            Self::PublishPeriods => &[Action::PublishPeriod, Action::CorrectPeriod],
            Self::ManageUsers => &[Action::ManageUsers],
            Self::ReadAudit => &[Action::ViewAudit],
            Self::ManageWebhooks => &[Action::ManageWebhooks],
            Self::ReadBooks => &[Action::ViewBooks],
            Self::WriteBooks => &[Action::KeepBooks],
            Self::ReadPayments => &[Action::ViewPayments],
            Self::ApprovePayments => &[Action::ApprovePayments],
            Self::ReadFund => &[Action::ViewFund],
            Self::ReadRegistry => &[Action::ViewRegistry],
            Self::RevealPersons => &[Action::RevealPersons],
            Self::WriteRegistry => &[Action::KeepRegistry],
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = Refusal;

    /// Reads the name; anything else is refused with `staff.bad_scope`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| Refusal::new("staff.bad_scope", Fault::Refused).value(text))
    }
}

/// A key to make.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// For whom it acts.
    pub user: UserId,
    /// What the owner knows it by.
    pub name: String,
    /// What it is limited to; at least one.
    pub scopes: Vec<Scope>,
    /// How many days it lives, 1 to 366.
    pub days: i64,
}

/// A key that was made: the one time that its secret is shown.
#[derive(Clone, Debug)]
pub struct MadeApiKey {
    /// The key.
    pub id: ApiKeyId,
    /// What the program shows.
    pub secret: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A key as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiKey {
    /// The key.
    pub id: ApiKeyId,
    /// What the owner knows it by.
    pub name: String,
    /// What it is limited to, by name.
    pub scopes: Vec<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The day it was used last.
    pub last_used_on: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Staff {
    /// Makes a key.
    pub async fn make_api_key(&self, actor: Actor, new: NewApiKey) -> Result<MadeApiKey, Refusal> {
        let name = require_name(&new.name)?;
        if !(1..=API_KEY_DAYS_MAX).contains(&new.days) {
            let refusal = Refusal::new("staff.bad_lifetime", Fault::Refused).value(new.days);
            return Err(refusal.fact("max", API_KEY_DAYS_MAX));
        }
        if new.scopes.is_empty() {
            return Err(Refusal::new("staff.bad_scope", Fault::Refused).value(""));
        }
        let mut scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let (user, scopes) = (new.user, scopes.join(" "));
        let secret = Secret::draw_with_prefix(PREFIX, self.secrets.as_ref())?;
        let life = jiff::SignedDuration::from_hours(24 * new.days);
        let made = self.store.write(actor, move |ctx| {
            async move {
                require_user(ctx, user).await?;
                let id = ApiKeyId::next(ctx.ids());
                let (now, expires_at) = (ctx.now(), after(ctx.now(), life));
                let row = args![
                    id.as_uuid(),
                    user.as_uuid(),
                    name,
                    secret.sha256(),
                    &scopes,
                    now,
                    expires_at
                ];
                ctx.execute_one(sql::INSERT_API_KEY, row).await?;
                let key = id.to_string();
                record(ctx, user, StaffEvent::ApiKeyMade { key, scopes }).await?;
                Ok(MadeApiKey {
                    id,
                    secret,
                    expires_at,
                })
            }
            .boxed()
        });
        made.await
    }

    /// Revokes a key of a user. `Already` says that it was revoked before, or is not theirs.
    pub async fn revoke_api_key(
        &self,
        actor: Actor,
        user: UserId,
        key: ApiKeyId,
    ) -> Result<Done<()>, Refusal> {
        let revoked = self.store.write(actor, move |ctx| {
            async move {
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let args = args![key.as_uuid(), user.as_uuid(), now, by];
                if ctx.execute(sql::REVOKE_API_KEY, args).await? == 0 {
                    return Ok(Done::Already(()));
                }
                let key = key.to_string();
                record(ctx, user, StaffEvent::ApiKeyRevoked { key }).await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        revoked.await
    }

    /// The keys of a user, newest first, the ended ones too.
    pub async fn api_keys_of(&self, user: UserId) -> Result<Vec<ApiKey>, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader.rows(sql::API_KEYS_OF_USER, args![user.as_uuid()]).await?;
        rows.iter().map(ApiKey::from_row).collect()
    }

    /// Who stands behind a key, limited to its scopes: nobody, when it is unknown, ended or revoked, or its user is
    /// shut out.
    pub async fn viewer_by_key(&self, key: &str) -> Result<Viewer, Refusal> {
        if !key.starts_with(PREFIX) {
            return Ok(Viewer::nobody());
        }
        let (now, mut reader) = (self.now(), self.store.read().await?);
        let row = reader
            .row(sql::API_KEY_IN_FORCE, args![sha256_hex(key), now])
            .await?;
        let Some(row) = row else {
            return Ok(Viewer::nobody());
        };
        let user = user_by_id(&mut reader, row.text("user_id")?.parse()?).await?;
        drop(reader);
        let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
            return Ok(Viewer::nobody());
        };
        let today = day_in_china(now).to_string();
        if row.opt_text("last_used_on")?.as_deref() != Some(&today) {
            let id = row.text("id")?;
            let noted = self.store.write(Actor::system(), move |ctx| {
                async move { ctx.execute(sql::API_KEY_USED, args![id, today]).await }.boxed()
            });
            noted.await?;
        }
        let scopes = row.text("scopes")?;
        let scopes = scopes.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        Ok(Viewer {
            scopes: Some(scopes),
            ..Viewer::of(user)
        })
    }
}

impl ApiKey {
    fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            id: row.text("id")?.parse()?,
            name: row.text("name")?,
            scopes: row.text("scopes")?.split(' ').map(str::to_owned).collect(),
            made_at: row.instant("made_at")?,
            expires_at: row.instant("expires_at")?,
            last_used_on: row.opt_text("last_used_on")?,
            revoked_at: opt_instant(row, "revoked_at")?,
        })
    }
}
