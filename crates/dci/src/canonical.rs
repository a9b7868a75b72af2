//! JSON in its canonical form (RFC 8785): what a digest is taken of, however it was sent.

use serde_json::{Number, Value};

/// A value as canonical JSON: no white space, keys in the order of their UTF-16 units, numbers as ECMAScript writes them.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Number(number) => text.push_str(&written(number)),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            text.push('{');
            for (at, (name, inner)) in fields.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(inner, text);
            }
            text.push('}');
        }
    }
}

/// Whole numbers stay whole; others are written with the fewest digits, by a power of ten where they are very large or small.
fn written(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else {
        return number.to_string();
    };
    let size = float.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        format!("{float}")
    } else {
        let text = format!("{float:e}");
        match text.split_once('e') {
            Some((digits, power)) if !power.starts_with('-') => format!("{digits}e+{power}"),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_form_is_that_of_rfc_8785() {
        for (sent, kept) in [
            (
                r#"{ "b": 1, "a": [true, null, "x"] }"#,
                r#"{"a":[true,null,"x"],"b":1}"#,
            ),
            (
                r#"{"\ufb33":1,"\ud83d\ude00":2,"1":3,"\r":4}"#,
                "{\"\\r\":4,\"1\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}",
            ),
            (
                r"[333333333.5, 1E30, 4.50, 2e-3, 0.000000000000000000000000001, -0.0, 10.0]",
                "[333333333.5,1e+30,4.5,0.002,1e-27,0,10]",
            ),
            (
                r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#,
                "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"",
            ),
        ] {
            let value: Value = serde_json::from_str(sent).unwrap();
            assert_eq!(canonical(&value), kept);
        }
    }
}
