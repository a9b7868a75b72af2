//! Pages of a list by cursor: `limit` rows after the one that an opaque `cursor` names, and the link to the next page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Fault, Refusal};
use serde_json::{Value, json};

use super::call::Call;

/// Rows of a page when nothing is said.
const LIMIT: usize = 50;

/// What was asked for.
pub(super) struct Window {
    pub limit: usize,
    pub after: Option<String>,
}

impl Window {
    /// # Errors
    /// `api.bad_cursor`.
    pub(super) fn of(call: &Call) -> Result<Self, Refusal> {
        let limit = call
            .query("limit")
            .and_then(|text| text.parse().ok())
            .unwrap_or(LIMIT);
        let after = match call.query("cursor") {
            None => None,
            Some(cursor) => Some(key_of(cursor).ok_or_else(|| bad_cursor(cursor))?),
        };
        Ok(Self { limit, after })
    }

    /// The key of the last row seen, as a type of its own.
    ///
    /// # Errors
    /// `api.bad_cursor`.
    pub(super) fn after_as<T: std::str::FromStr>(&self) -> Result<Option<T>, Refusal> {
        let parse = |key: &String| key.parse().map_err(|_| bad_cursor(key));
        self.after.as_ref().map(parse).transpose()
    }

    /// The rows of this page out of all of them.
    ///
    /// # Errors
    /// `api.bad_cursor` where no row has the key.
    pub(super) fn cut<T>(
        &self,
        rows: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Refusal> {
        let start = match &self.after {
            None => 0,
            Some(after) => {
                let found = rows.iter().position(|row| key(row) == *after);
                found.ok_or_else(|| bad_cursor(after))? + 1
            }
        };
        let rows = rows.into_iter().skip(start).take(self.limit + 1).collect();
        Ok(self.trim(rows, key))
    }

    /// At most `limit` of rows of which one more was read than fits, and the key of the last where more follow.
    pub(super) fn trim<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = rows.last().filter(|_| more).map(key);
        (rows, next)
    }
}

fn bad_cursor(cursor: &str) -> Refusal {
    Refusal::new("api.bad_cursor", Fault::Refused)
        .at("cursor")
        .value(cursor)
}

fn key_of(cursor: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

/// The address of the next page: this one with another cursor.
pub(super) fn next_link(call: &Call, next: Option<&String>) -> Value {
    let Some(key) = next else {
        return Value::Null;
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in call.queries().filter(|(name, _)| *name != "cursor") {
        query.append_pair(name, value);
    }
    query.append_pair("cursor", &URL_SAFE_NO_PAD.encode(key));
    json!(format!("{}?{}", call.page.path, query.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_and_an_unknown_key_is_refused() {
        let window = |after: Option<&str>| Window {
            limit: 2,
            after: after.map(str::to_owned),
        };
        let page = |after| window(after).cut(vec![1, 2, 3, 4, 5], i32::to_string);
        assert_eq!(page(None).unwrap(), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(page(Some("4")).unwrap(), (vec![5], None));
        assert_eq!(page(Some("9")).unwrap_err().code, "api.bad_cursor");
    }
}
