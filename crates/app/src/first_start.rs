//! The very first start: where there is no user yet, one who manages users is added and the link for them printed.

use kernel::{Lang, Refusal};
use people::staff::{NewUser, Staff};

use crate::terminal::{either, say};

/// What the first user signs in with, until they add others.
const LOGIN: &str = "admin";

/// Prints a one-time link for the first administrator, where nobody can sign in yet; `site` is where the pages are.
///
/// # Errors
/// What the store gave.
pub async fn invite(staff: &Staff, site: &str, lang: Lang) -> Result<(), Refusal> {
    let new = NewUser {
        login: LOGIN.parse()?,
        display_name: either(lang, "管理员", "Administrator").to_owned(),
    };
    if let Some(link) = staff.first_admin(new).await? {
        say(either(
            lang,
            "还没有用户。第一位管理员（登录名 admin）请打开下面的链接，只能用一次，24 小时内有效：",
            "There is no user yet. The first administrator (login admin) opens this link, once, within 24 hours:",
        ));
        say(format!("  {site}{}", link.path()));
    }
    Ok(())
}
