//! What the books know by a code or a key, as people call it: accounts, and those whose they are.

use std::collections::BTreeMap;

use books::{AccountCode, Owner, OwnerKind};
use kernel::{Fault, Refusal, Text};
use store::Reader;

use super::either;
use crate::fund::pillar_words;
use crate::page::Page;
use crate::site::Site;

/// What an account is called; its code where there is none.
pub(super) async fn account_name(
    reader: &mut Reader,
    code: &AccountCode,
    page: &Page,
) -> Result<String, Refusal> {
    match books::account(reader, code).await {
        Ok(account) => Ok(either(page.lang, &account.name_zh, &account.name_en)),
        Err(refusal) if refusal.fault == Fault::Missing => Ok(code.to_string()),
        Err(refusal) => Err(refusal),
    }
}

/// The same with the code after it.
pub(crate) async fn account_words(
    reader: &mut Reader,
    code: &AccountCode,
    page: &Page,
) -> Result<String, Refusal> {
    let name = account_name(reader, code, page).await?;
    Ok(if name == code.as_str() {
        name
    } else {
        format!("{name} · {code}")
    })
}

/// Whose an account is: what has a name by it, anything else by what it is and its id.
pub(super) fn owner_words(
    site: &Site,
    projects: &BTreeMap<String, Text>,
    owner: &Owner,
    page: &Page,
) -> String {
    let kind = format!("owner_kind.{}", owner.kind.as_str());
    let (kind, id) = (page.w.get(&kind), owner.id.as_str());
    let place = id.parse().ok().and_then(|code| site.places.get(code));
    match (owner.kind, place, projects.get(id)) {
        (OwnerKind::County, Some(place), _) => place.title().get(page.lang).to_owned(),
        (OwnerKind::Project, _, Some(title)) => title.get(page.lang).to_owned(),
        (OwnerKind::Pillar, ..) => pillar_words(site, id, page),
        (OwnerKind::Channel, ..) => channel_words(site, id, page),
        (OwnerKind::Fund, ..) if id == "1" => kind.to_owned(),
        (OwnerKind::Bank | OwnerKind::Lender | OwnerKind::Insurer, ..)
            if site.programme.party(id).is_some() =>
        {
            party_words(site, id, page)
        }
        _ => format!("{kind} {id}"),
    }
}

/// What the programme calls an organisation; its key where it names none.
pub(crate) fn party_words(site: &Site, id: &str, page: &Page) -> String {
    let name = site.programme.party(id);
    name.map_or(id, |name| name.get(page.lang)).to_owned()
}

fn channel_words(site: &Site, id: &str, page: &Page) -> String {
    let mut channels = site.programme.channels().into_iter();
    let found = channels.find(|(channel, _)| *channel == id);
    found.map_or(id, |(_, name)| name.get(page.lang)).to_owned()
}
