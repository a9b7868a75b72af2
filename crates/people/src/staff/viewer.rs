//! Who looks at a page or calls the API, and what they may do: the question every handler asks first.

use kernel::{Actor, Fault, PlaceCode, Refusal, Role};

use super::api_keys::Scope;
use super::model::{Grant, User, UserId};
use super::rights::{Action, Reach, reach};
use super::secret::Secret;
use super::sessions::SessionId;

/// Whoever stands before one request, as they were at its beginning.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Who; none when nobody is signed in.
    pub user: Option<UserId>,
    /// By which session; none for an API key.
    pub session: Option<SessionId>,
    /// What a form must send back, so that no other site can send it.
    pub csrf: Option<Secret>,
    /// What they sign in with.
    pub login: String,
    /// What pages call them.
    pub display_name: String,
    /// The grants in force.
    pub grants: Vec<Grant>,
    /// What an API key is limited to; none when a person is here.
    pub scopes: Option<Vec<Scope>>,
}

/// Which places' rows someone may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceFilter {
    /// All of them.
    All,
    /// Those at these places and below them; none when the list is empty.
    Within(Vec<PlaceCode>),
}

impl PlaceFilter {
    /// Whether rows of a place may be seen.
    pub fn covers(&self, place: PlaceCode) -> bool {
        match self {
            Self::All => true,
            Self::Within(places) => places.iter().any(|own| place.is_within(*own)),
        }
    }

    /// Whether no row may be seen.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Within(places) if places.is_empty())
    }
}

impl Viewer {
    /// Nobody is signed in: sees what is published.
    pub fn nobody() -> Self {
        Self {
            user: None,
            session: None,
            csrf: None,
            login: String::new(),
            display_name: String::new(),
            grants: Vec::new(),
            scopes: None,
        }
    }

    /// A user who showed who they are; by the command line, whom its caller names.
    pub fn of(user: User) -> Self {
        Self {
            user: Some(user.id),
            login: user.login.to_string(),
            display_name: user.display_name,
            grants: user.grants,
            ..Self::nobody()
        }
    }

    /// Whether someone is signed in, by session or by key.
    pub fn is_somebody(&self) -> bool {
        self.user.is_some()
    }

    /// Who gives commands that need no grant, such as those on one's own account: the user in the role of the first
    /// grant, or as an observer of themselves where there is none. None when nobody is signed in.
    pub fn actor(&self) -> Option<Actor> {
        let role = self.grants.first().map_or(Role::Observer, |grant| grant.role);
        self.user.map(|user| Actor::new(user.to_string(), role))
    }

    /// Whether they may do something: at a place, or (`None`) at all. "At all" is what a menu asks; a handler that
    /// writes at a place names it.
    pub fn may(&self, action: Action, place: Option<PlaceCode>) -> bool {
        if action == Action::ViewPublic {
            return true;
        }
        self.is_in_scope(action) && (self.is_own(action) || self.grant_for(action, place).is_some())
    }

    /// Refuses what they may not do, with `staff.sign_in_required` when nobody is signed in, else `staff.denied`.
    /// Answers who gives the command: the user in the role whose grant allowed it.
    pub fn require(&self, action: Action, place: Option<PlaceCode>) -> Result<Actor, Refusal> {
        let Some(user) = self.user else {
            return Err(Refusal::new("staff.sign_in_required", Fault::Denied));
        };
        if !self.may(action, place) {
            return Err(match place {
                Some(place) => denied(action).fact("place", place),
                None => denied(action),
            });
        }
        match self.grant_for(action, place).or(self.grants.first()) {
            Some(grant) => Ok(Actor::new(user.to_string(), grant.role)),
            None => Ok(Actor::new(user.to_string(), Role::Observer)),
        }
    }

    /// Whether they may do something in the whole country. What is done at no place is, wherever it may be done at all.
    pub fn may_everywhere(&self, action: Action) -> bool {
        if action.is_at_a_place() {
            self.places(action) == PlaceFilter::All
        } else {
            self.may(action, None)
        }
    }

    /// Refuses what they may not do in the whole country, as [`Viewer::require`]. Answers who gives the command: the
    /// user in the role that reaches the whole country, not in one that reaches a part of it.
    pub fn require_everywhere(&self, action: Action) -> Result<Actor, Refusal> {
        let actor = self.require(action, None)?;
        if !self.may_everywhere(action) {
            return Err(denied(action));
        }
        let reaches = |grant: &&Grant| Self::reach_of(grant, action) == Reach::Everywhere;
        let role = self.grants.iter().find(reaches).map(|grant| grant.role);
        Ok(Actor {
            role: role.unwrap_or(actor.role),
            ..actor
        })
    }

    /// The places whose rows they may see with an action.
    pub fn places(&self, action: Action) -> PlaceFilter {
        if action == Action::ViewPublic {
            return PlaceFilter::All;
        }
        if !self.is_in_scope(action) {
            return PlaceFilter::Within(Vec::new());
        }
        let mut places = Vec::new();
        for grant in &self.grants {
            match (Self::reach_of(grant, action), grant.place) {
                (Reach::Everywhere, _) => return PlaceFilter::All,
                (Reach::OwnPlace, Some(place)) => places.push(place),
                (Reach::OwnPlace, None) | (Reach::OwnRecords | Reach::Nowhere, _) => {}
            }
        }
        places.sort_unstable();
        places.dedup();
        PlaceFilter::Within(places)
    }

    /// The account is one's own with any grant or none, but not by an API key.
    fn is_own(&self, action: Action) -> bool {
        action == Action::ViewOwnAccount && self.user.is_some() && self.scopes.is_none()
    }

    fn is_in_scope(&self, action: Action) -> bool {
        let of = |scopes: &Vec<Scope>| scopes.iter().any(|scope| scope.actions().contains(&action));
        self.scopes.as_ref().is_none_or(of)
    }

    fn grant_for(&self, action: Action, place: Option<PlaceCode>) -> Option<&Grant> {
        self.grants
            .iter()
            .find(|grant| match Self::reach_of(grant, action) {
                Reach::Nowhere => false,
                Reach::OwnRecords | Reach::Everywhere => true,
                Reach::OwnPlace => place.is_none_or(|place| grant.covers(place)),
            })
    }

    /// What a grant adds to its role: everywhere, given at a place, is that place; and what is done at no place is not
    /// given by it.
    fn reach_of(grant: &Grant, action: Action) -> Reach {
        match reach(grant.role, action) {
            Reach::Everywhere if grant.place.is_some() && !action.is_at_a_place() => Reach::Nowhere,
            Reach::Everywhere if grant.place.is_some() => Reach::OwnPlace,
            Reach::OwnPlace if grant.place.is_none() => Reach::Nowhere,
            as_it_is => as_it_is,
        }
    }
}

fn denied(action: Action) -> Refusal {
    Refusal::new("staff.denied", Fault::Denied).fact("action", action.as_str())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::SeededIds;

    use super::super::model::GrantId;
    use super::*;

    fn place(code: &str) -> PlaceCode {
        code.parse().unwrap()
    }

    fn viewer(grants: &[(Role, Option<&str>)]) -> Viewer {
        let ids = SeededIds::new(1);
        let grant = |(role, at): &(Role, Option<&str>)| Grant {
            id: GrantId::next(&ids),
            role: *role,
            place: at.map(place),
            granted_at: Timestamp::UNIX_EPOCH,
            granted_by: "system".to_owned(),
        };
        Viewer {
            user: Some(UserId::next(&ids)),
            grants: grants.iter().map(grant).collect(),
            ..Viewer::nobody()
        }
    }

    #[test]
    fn a_grant_covers_its_place_and_everything_below() {
        for (granted, wanted, covered) in [
            ("621226", "621226", true),
            ("621226", "621226100000", true),
            ("621226", "621227", false),
            ("621200", "621226", true),
            ("621200", "621226100201", true),
            ("621200", "620100", false),
            ("620000", "621226", true),
            ("620000", "620000", true),
            ("621226", "621200", false),
        ] {
            let viewer = viewer(&[(Role::County, Some(granted))]);
            let answer = viewer.may(Action::ImportSales, Some(place(wanted)));
            assert_eq!(answer, covered, "{granted} {wanted}");
        }
    }

    #[test]
    fn nobody_sees_what_is_published_and_is_asked_to_sign_in_for_the_rest() {
        let nobody = Viewer::nobody();
        for action in Action::ALL {
            assert_eq!(nobody.may(action, None), action == Action::ViewPublic);
        }
        let refusal = nobody.require(Action::ViewIntake, None).unwrap_err();
        assert_eq!(refusal.code, "staff.sign_in_required");
        assert!(nobody.places(Action::ViewPlaceData).is_empty());
    }

    #[test]
    fn the_actor_has_the_role_that_allowed_the_action() {
        let both = viewer(&[(Role::Admin, None), (Role::Fund, None)]);
        assert_eq!(
            both.require(Action::PublishPeriod, None).unwrap().role,
            Role::Fund
        );
        assert_eq!(both.require(Action::ManageUsers, None).unwrap().role, Role::Admin);
        let admin = viewer(&[(Role::Admin, None)]);
        let refusal = admin.require(Action::PublishPeriod, None).unwrap_err();
        assert_eq!((refusal.code, refusal.fault), ("staff.denied", Fault::Denied));
    }

    #[test]
    fn a_grant_at_a_place_gives_nothing_that_is_done_for_the_whole_country() {
        let fund = viewer(&[(Role::Fund, Some("620000"))]);
        assert!(!fund.may(Action::PublishPeriod, None));
        assert!(fund.may(Action::ImportSales, Some(place("621226"))));
        assert!(!fund.may(Action::ImportSales, Some(place("510100"))));
    }

    #[test]
    fn what_is_done_in_the_whole_country_needs_a_grant_that_reaches_it() {
        let county = viewer(&[(Role::County, Some("621226"))]);
        assert!(county.require(Action::ImportSales, None).is_ok());
        let refusal = county.require_everywhere(Action::ImportSales).unwrap_err();
        assert_eq!((refusal.code, refusal.fault), ("staff.denied", Fault::Denied));
        let nobody = Viewer::nobody().require_everywhere(Action::ImportSales);
        assert_eq!(nobody.unwrap_err().code, "staff.sign_in_required");
        let both = viewer(&[(Role::County, Some("621226")), (Role::Fund, None)]);
        let role_for = |action| both.require_everywhere(action).unwrap().role;
        assert_eq!(role_for(Action::ImportSales), Role::Fund);
        assert!(viewer(&[]).may_everywhere(Action::ViewPublic));
    }

    #[test]
    fn what_is_done_at_no_place_is_done_in_the_whole_country_by_whoever_may_do_it() {
        let county = viewer(&[(Role::County, Some("621226"))]);
        for action in Action::ALL.into_iter().filter(|action| !action.is_at_a_place()) {
            assert_eq!(county.may_everywhere(action), county.may(action, None));
        }
        assert!(county.require_everywhere(Action::ManageApiKeys).is_ok());
        let fund_of_a_province = viewer(&[(Role::Fund, Some("620000"))]);
        assert!(
            fund_of_a_province
                .require_everywhere(Action::PublishPeriod)
                .is_err()
        );
    }

    #[test]
    fn rows_are_filtered_by_all_grants_together() {
        let counties = viewer(&[(Role::County, Some("621226")), (Role::County, Some("621227"))]);
        let filter = counties.places(Action::ViewPlaceData);
        assert!(filter.covers(place("621227")) && !filter.covers(place("621228")));
        assert_eq!(counties.places(Action::ViewAudit), PlaceFilter::Within(vec![]));
        assert_eq!(
            viewer(&[(Role::Fund, None)]).places(Action::ViewPlaceData),
            PlaceFilter::All
        );
    }

    #[test]
    fn a_key_does_only_what_its_scopes_and_its_owner_both_may() {
        let mut key = viewer(&[(Role::Fund, None)]);
        key.scopes = Some(vec![Scope::ReadFigures]);
        assert!(key.may(Action::ViewPreparing, None));
        for action in [Action::ImportSales, Action::PublishPeriod, Action::ViewOwnAccount] {
            assert!(!key.may(action, None));
        }
        let mut weak = viewer(&[(Role::Donor, None)]);
        weak.scopes = Some(vec![Scope::WriteSales]);
        assert!(!weak.may(Action::ImportSales, None));
    }

    #[test]
    fn a_user_without_a_grant_sees_the_own_account() {
        let fresh = viewer(&[]);
        assert!(fresh.may(Action::ViewOwnAccount, None));
        assert!(fresh.require(Action::ViewOwnAccount, None).is_ok());
        assert!(!fresh.may(Action::ViewIntake, None));
    }
}
