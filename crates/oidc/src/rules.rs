//! What a provider and an invitation may say, as sentences.

use jiff::SignedDuration;
use kernel::{Fault, Refusal};
use outbound::{Reach, require_url};
use serde_json::{Map, Value};

/// A sign-in at a provider may take this long.
pub(crate) const REQUEST_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// An invitation stands for this long: an address or a number may be somebody else's one day.
pub(crate) const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The claim that needs another to be believed.
const EMAIL: &str = "email";

fn bad(code: &'static str, field: &'static str, value: &str) -> Refusal {
    Refusal::new(code, Fault::Refused).at(field).value(value)
}

/// A name that may stand in an address: 2 to 40 small letters, digits and `-`, a letter first; else `oidc.bad_name`.
pub(crate) fn require_name(name: &str) -> Result<(), Refusal> {
    let fits = (2..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && name.starts_with(|first: char| first.is_ascii_lowercase());
    if fits {
        Ok(())
    } else {
        Err(bad("oidc.bad_name", "name", name))
    }
}

/// A text for people, 1 to 60 characters on one line; else `oidc.bad_title`.
pub(crate) fn require_title(title: &str) -> Result<String, Refusal> {
    let title = title.trim();
    let letters = title.chars().count();
    if letters == 0 || letters > 60 || title.chars().any(char::is_control) {
        return Err(bad("oidc.bad_title", "title", title));
    }
    Ok(title.to_owned())
}

/// An issuer that may be asked: an address within reach without a query, kept as it is written because it is compared
/// letter by letter; else `oidc.bad_issuer`.
pub(crate) fn require_issuer(issuer: &str, reach: Reach) -> Result<String, Refusal> {
    let issuer = issuer.trim();
    match require_url(issuer, reach) {
        Ok(url) if url.query().is_none() => Ok(issuer.to_owned()),
        _ => Err(bad("oidc.bad_issuer", "issuer", issuer)),
    }
}

/// What a provider gave us for ourselves: 1 to 512 characters of ASCII that can be seen; else the code.
pub(crate) fn require_client_text<'a>(
    text: &'a str,
    code: &'static str,
    field: &'static str,
) -> Result<&'a str, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.len() > 512 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        // A secret is never repeated.
        return Err(Refusal::new(code, Fault::Refused).at(field));
    }
    Ok(text)
}

/// The name of a claim, and what is asked for so that the provider tells it; else `oidc.bad_claim`, `oidc.bad_scope`.
pub(crate) fn require_claim(claim: &str, scope: Option<&str>) -> Result<(String, String), Refusal> {
    let claim = claim.trim();
    let is_word = |text: &str| {
        (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
    };
    if !is_word(claim) {
        return Err(bad("oidc.bad_claim", "claim", claim));
    }
    let usual = if claim == EMAIL {
        "openid email"
    } else {
        "openid profile"
    };
    let scope = scope.map_or(usual, str::trim);
    let words: Vec<&str> = scope.split_ascii_whitespace().collect();
    if !words.contains(&"openid") || words.len() > 10 || !words.iter().all(|word| is_word(word)) {
        return Err(bad("oidc.bad_scope", "scope", scope));
    }
    Ok((claim.to_owned(), words.join(" ")))
}

/// The value of a claim as it is compared: an e-mail address in small letters, everything else as it is, without blanks
/// around it. None where it can be no value.
pub(crate) fn comparable(claim: &str, value: &str) -> Option<String> {
    let value = value.trim();
    let letters = value.chars().count();
    if letters == 0 || letters > 254 || value.chars().any(char::is_control) {
        return None;
    }
    if claim != EMAIL {
        return Some(value.to_owned());
    }
    let (person, host) = value.rsplit_once('@')?;
    let is_address = !person.is_empty() && !host.is_empty() && !value.contains(char::is_whitespace);
    is_address.then(|| value.to_lowercase())
}

/// The value of a claim among those a provider tells, where it may be believed: an e-mail address only when the provider
/// says that it checked it.
pub(crate) fn claim_in(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    let value = match claims.get(claim)? {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_u64() => number.to_string(),
        _ => return None,
    };
    let is_checked = claim != EMAIL || claims.get("email_verified") == Some(&Value::Bool(true));
    is_checked.then(|| comparable(claim, &value)).flatten()
}

/// What an administrator sees of a value: of an address the first letter and the host, of everything else the last two.
pub(crate) fn masked(value: &str) -> String {
    if let Some((person, host)) = value.rsplit_once('@') {
        let first: String = person.chars().take(1).collect();
        return format!("{first}***@{host}");
    }
    let letters: Vec<char> = value.chars().collect();
    let shown = if letters.len() > 4 { 2 } else { 0 };
    let tail: String = letters.iter().skip(letters.len() - shown).collect();
    format!("***{tail}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_provider_is_named_in_small_plain_letters() {
        for good in ["li", "longnan-civil-affairs", "a1"] {
            assert!(require_name(good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "a",
            "-a",
            "1a",
            "A1",
            "li county",
            "礼县",
            "a/b",
            &"a".repeat(41),
        ] {
            assert_eq!(require_name(wrong).unwrap_err().code, "oidc.bad_name", "{wrong}");
        }
        assert_eq!(require_title(" 礼县民政局 ").unwrap(), "礼县民政局");
        for wrong in ["", " ", "a\nb", &"局".repeat(61)] {
            assert_eq!(require_title(wrong).unwrap_err().code, "oidc.bad_title");
        }
    }

    #[test]
    fn an_issuer_is_kept_as_it_is_written() {
        for good in [
            "https://a.example",
            "https://a.example/",
            "https://a.example/realms/li",
        ] {
            assert_eq!(require_issuer(good, Reach::Public).unwrap(), good);
        }
        for wrong in [
            "",
            "a.example",
            "http://a.example",
            "https://a.example/?tenant=1",
            "https://a.example/#x",
            "https://u:p@a.example",
            "https://127.0.0.1/",
        ] {
            let refused = require_issuer(wrong, Reach::Public).unwrap_err();
            assert_eq!(refused.code, "oidc.bad_issuer", "{wrong}");
        }
        assert!(require_issuer("http://127.0.0.1:9000", Reach::Anywhere).is_ok());
    }

    #[test]
    fn a_secret_that_is_refused_is_not_repeated() {
        for wrong in ["", "  ", "密", "a b", &"x".repeat(513)] {
            let refused = require_client_text(wrong, "oidc.bad_secret", "client_secret").unwrap_err();
            assert_eq!((refused.code, refused.value), ("oidc.bad_secret", None));
        }
        assert_eq!(require_client_text(" s3cret\n", "x", "y").unwrap(), "s3cret");
    }

    #[test]
    fn a_claim_asks_for_what_it_needs() {
        let scope = |claim, scope| require_claim(claim, scope).map(|(_, scope)| scope);
        assert_eq!(scope("email", None).unwrap(), "openid email");
        assert_eq!(scope("employee_number", None).unwrap(), "openid profile");
        assert_eq!(scope("nr", Some("openid  staff")).unwrap(), "openid staff");
        assert_eq!(scope("nr", Some("staff")).unwrap_err().code, "oidc.bad_scope");
        assert_eq!(scope("", None).unwrap_err().code, "oidc.bad_claim");
        assert_eq!(scope("工号", None).unwrap_err().code, "oidc.bad_claim");
    }

    #[test]
    fn an_address_counts_only_when_the_provider_checked_it() {
        let claims = |value: Value| value.as_object().unwrap().clone();
        let told = |value: Value, claim: &str| claim_in(&claims(value), claim);
        let lan = "lan@a.example";
        assert_eq!(
            told(
                json!({ "email": "Lan@A.example", "email_verified": true }),
                "email"
            )
            .as_deref(),
            Some(lan)
        );
        for doubtful in [
            json!({ "email": lan }),
            json!({ "email": lan, "email_verified": false }),
            json!({ "email": lan, "email_verified": "true" }),
            json!({ "email": "lan", "email_verified": true }),
            json!({ "email": [lan], "email_verified": true }),
            json!({}),
        ] {
            assert_eq!(told(doubtful.clone(), "email"), None, "{doubtful}");
        }
        assert_eq!(told(json!({ "nr": 4711 }), "nr").as_deref(), Some("4711"));
        assert_eq!(told(json!({ "nr": " A7 " }), "nr").as_deref(), Some("A7"));
        assert_eq!(told(json!({ "nr": "" }), "nr"), None);
    }

    #[test]
    fn little_of_a_value_is_shown() {
        for (value, shown) in [
            ("lan@a.example", "l***@a.example"),
            ("62122619", "***19"),
            ("4711", "***"),
            ("兰", "***"),
        ] {
            assert_eq!(masked(value), shown);
        }
    }
}
