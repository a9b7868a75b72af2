//! What the journal is told of staff: ids and codes, never a name, a login or an address.

use kernel::{PlaceCode, Refusal, Role};
use serde_json::{Value, json};
use store::{Ctx, Fact};

use super::model::UserId;

/// Something that happened to a user.
pub(super) enum StaffEvent {
    UserAdded,
    UserDisabled,
    UserEnabled,
    UserRenamed,
    RoleGranted { role: Role, place: Option<PlaceCode> },
    RoleRevoked { role: Role, place: Option<PlaceCode> },
    PasswordSet,
    OrganisationOnlySet,
    OrganisationOnlyLifted,
    LockedOut { minutes: i64 },
    LinkMade,
    LinkUsed,
    PasskeyAdded { passkey: String },
    PasskeyRemoved { passkey: String },
    PasskeyCounterWentBack { passkey: String },
    ApiKeyMade { key: String, scopes: String },
    ApiKeyRevoked { key: String },
}

impl StaffEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::UserAdded => "staff.user_added",
            Self::UserDisabled => "staff.user_disabled",
            Self::UserEnabled => "staff.user_enabled",
            Self::UserRenamed => "staff.user_renamed",
            Self::RoleGranted { .. } => "staff.role_granted",
            Self::RoleRevoked { .. } => "staff.role_revoked",
            Self::PasswordSet => "staff.password_set",
            Self::OrganisationOnlySet => "staff.organisation_only_set",
            Self::OrganisationOnlyLifted => "staff.organisation_only_lifted",
            Self::LockedOut { .. } => "staff.locked_out",
            Self::LinkMade => "staff.link_made",
            Self::LinkUsed => "staff.link_used",
            Self::PasskeyAdded { .. } => "staff.passkey_added",
            Self::PasskeyRemoved { .. } => "staff.passkey_removed",
            Self::PasskeyCounterWentBack { .. } => "staff.passkey_counter_went_back",
            Self::ApiKeyMade { .. } => "staff.api_key_made",
            Self::ApiKeyRevoked { .. } => "staff.api_key_revoked",
        }
    }

    fn place(&self) -> Option<PlaceCode> {
        match self {
            Self::RoleGranted { place, .. } | Self::RoleRevoked { place, .. } => *place,
            _ => None,
        }
    }

    fn body(&self, user: Option<UserId>) -> Value {
        let user = user.map(|user| user.to_string());
        match self {
            Self::RoleGranted { role, .. } | Self::RoleRevoked { role, .. } => {
                json!({ "user": user, "role": role.as_str() })
            }
            Self::LockedOut { minutes } => json!({ "user": user, "minutes": minutes }),
            Self::PasskeyAdded { passkey }
            | Self::PasskeyRemoved { passkey }
            | Self::PasskeyCounterWentBack { passkey } => json!({ "user": user, "passkey": passkey }),
            Self::ApiKeyMade { key, scopes } => json!({ "user": user, "key": key, "scopes": scopes }),
            Self::ApiKeyRevoked { key } => json!({ "user": user, "key": key }),
            _ => json!({ "user": user }),
        }
    }
}

/// Appends it to the journal, in the transaction of the command.
pub(super) async fn record(
    ctx: &mut Ctx,
    user: impl Into<Option<UserId>>,
    event: StaffEvent,
) -> Result<(), Refusal> {
    let fact = Fact {
        kind: event.kind(),
        place: event.place(),
        amount: None,
        evidence: Vec::new(),
        body: event.body(user.into()),
    };
    ctx.record(fact).await.map(drop)
}
