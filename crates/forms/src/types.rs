//! The types of questions: what each is called in the column `type`, by which control it is asked and what its node
//! holds. The same type has several names, of which the older ones still stand in forms of the field.

/// What a type of question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuestionType {
    /// The control of the body; none for what is never asked.
    pub control: Option<&'static str>,
    /// Which files an `upload` takes.
    pub media_type: Option<&'static str>,
    /// The attributes of its bind.
    pub bind: &'static [(&'static str, &'static str)],
    /// The hint of a question that has none of its own.
    pub hint: Option<&'static str>,
}

/// The type of a name.
pub(crate) fn by_name(name: &str) -> Option<QuestionType> {
    TYPES
        .iter()
        .find(|(names, _)| names.contains(&name))
        .map(|(_, kind)| *kind)
}

/// The name of today for one of before.
pub(crate) fn of_today(name: &str) -> &str {
    match name {
        "imei" => "deviceid",
        "image" | "add image prompt" | "add photo prompt" => "photo",
        "add audio prompt" => "audio",
        "add video prompt" => "video",
        "add file prompt" => "file",
        _ => name,
    }
}

const fn asked(control: &'static str, bind: &'static [(&'static str, &'static str)]) -> QuestionType {
    QuestionType {
        control: Some(control),
        media_type: None,
        bind,
        hint: None,
    }
}

const fn hinted(bind: &'static [(&'static str, &'static str)], hint: &'static str) -> QuestionType {
    QuestionType {
        control: Some("input"),
        media_type: None,
        bind,
        hint: Some(hint),
    }
}

const fn upload(media_type: &'static str) -> QuestionType {
    QuestionType {
        control: Some("upload"),
        media_type: Some(media_type),
        bind: &[("type", "binary")],
        hint: None,
    }
}

const fn unasked(bind: &'static [(&'static str, &'static str)]) -> QuestionType {
    QuestionType {
        control: None,
        media_type: None,
        bind,
        hint: None,
    }
}

macro_rules! property {
    ($name:literal) => {
        unasked(&[
            ("type", "string"),
            ("jr:preload", "property"),
            ("jr:preloadParams", $name),
        ])
    };
}

const TEXT: &[(&str, &str)] = &[("type", "string")];
const NOTE: &[(&str, &str)] = &[("type", "string"), ("readonly", "true()")];

const TYPES: &[(&[&str], QuestionType)] = &[
    (
        &["text", "string", "q string", "add text prompt"],
        asked("input", TEXT),
    ),
    (&["note", "q note", "add note prompt"], asked("input", NOTE)),
    (
        &["integer", "int", "q int", "add integer prompt"],
        asked("input", &[("type", "int")]),
    ),
    (
        &["decimal", "q decimal", "add decimal prompt"],
        asked("input", &[("type", "decimal")]),
    ),
    (
        &["date", "q date", "add date prompt"],
        asked("input", &[("type", "date")]),
    ),
    (&["time"], asked("input", &[("type", "time")])),
    (
        &[
            "dateTime",
            "datetime",
            "date time",
            "q dateTime",
            "q date time",
            "add dateTime prompt",
            "add date time prompt",
        ],
        asked("input", &[("type", "dateTime")]),
    ),
    (
        &[
            "geopoint",
            "gps",
            "location",
            "q geopoint",
            "q location",
            "add location prompt",
        ],
        asked("input", &[("type", "geopoint")]),
    ),
    (
        &["geoshape", "q geoshape"],
        asked("input", &[("type", "geoshape")]),
    ),
    (
        &["geotrace", "q geotrace"],
        asked("input", &[("type", "geotrace")]),
    ),
    (
        &["barcode", "q barcode", "add barcode prompt"],
        asked("input", &[("type", "barcode")]),
    ),
    (
        &["acknowledge", "q acknowledge", "add acknowledge prompt"],
        asked("trigger", TEXT),
    ),
    (&["trigger"], asked("trigger", &[])),
    (&["range"], asked("range", &[("type", "int")])),
    (
        &[
            "select one",
            "select one using",
            "q select1",
            "add select one prompt using",
        ],
        asked("select1", TEXT),
    ),
    (
        &[
            "select all that apply",
            "select all that apply from",
            "select multiple from",
            "select multiple using",
            "q select",
            "add select multiple prompt using",
        ],
        asked("select", TEXT),
    ),
    (&["select one external"], asked("input", TEXT)),
    (&["rank"], asked("odk:rank", &[("type", "odk:rank")])),
    (
        &["photo", "image", "q image", "q picture", "add image prompt"],
        upload("image/*"),
    ),
    (&["audio", "q audio", "add audio prompt"], upload("audio/*")),
    (&["video", "q video", "add video prompt"], upload("video/*")),
    (&["file", "add file prompt"], upload("application/*")),
    (&["osm"], upload("osm/*")),
    (
        &["percentage"],
        asked("input", &[("type", "int"), ("constraint", "0 <= . and . <= 100")]),
    ),
    (
        &["number of days in last month"],
        hinted(
            &[("type", "int"), ("constraint", "0 <= . and . <= 31")],
            "Enter a number 0-31.",
        ),
    ),
    (
        &["number of days in last six months"],
        hinted(
            &[("type", "int"), ("constraint", "0 <= . and . <= 183")],
            "Enter a number 0-183.",
        ),
    ),
    (
        &["number of days in last year"],
        hinted(
            &[("type", "int"), ("constraint", "0 <= . and . <= 365")],
            "Enter a number 0-365.",
        ),
    ),
    (
        &["phone number"],
        hinted(
            &[("type", "string"), ("constraint", r"regex(., '^\d*$')")],
            "Enter numbers only.",
        ),
    ),
    (
        &["calculate", "q calculate", "add calculate prompt", "hidden"],
        unasked(TEXT),
    ),
    (
        &["start", "start time", "get start time"],
        unasked(&[
            ("type", "dateTime"),
            ("jr:preload", "timestamp"),
            ("jr:preloadParams", "start"),
        ]),
    ),
    (
        &["end", "end time", "get end time"],
        unasked(&[
            ("type", "dateTime"),
            ("jr:preload", "timestamp"),
            ("jr:preloadParams", "end"),
        ]),
    ),
    (
        &["today", "get today"],
        unasked(&[
            ("type", "date"),
            ("jr:preload", "date"),
            ("jr:preloadParams", "today"),
        ]),
    ),
    (
        &["deviceid", "imei", "device id", "get device id"],
        property!("deviceid"),
    ),
    (
        &["subscriberid", "subscriber id", "get subscriber id"],
        property!("subscriberid"),
    ),
    (&["simserial", "sim id", "get sim id"], property!("simserial")),
    (&["phonenumber", "get phone number"], property!("phonenumber")),
    (&["username"], property!("username")),
    (&["email"], property!("email")),
    (&["uri:deviceid"], property!("uri:deviceid")),
    (&["uri:subscriberid"], property!("uri:subscriberid")),
    (&["uri:simserial"], property!("uri:simserial")),
    (&["uri:phonenumber"], property!("uri:phonenumber")),
    (&["uri:username"], property!("uri:username")),
    (&["uri:email"], property!("uri:email")),
    (&["audit", "background-audio"], unasked(&[("type", "binary")])),
    (&["start-geopoint"], unasked(&[("type", "geopoint")])),
    (
        &["background-geopoint"],
        asked("trigger", &[("type", "geopoint")]),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_name_stands_for_two_types() {
        let mut seen = HashSet::new();
        for (names, _) in TYPES {
            for name in *names {
                assert!(seen.insert(*name), "{name}");
            }
        }
        assert!(by_name(of_today("imei")).is_some() && by_name("colour").is_none());
    }
}
