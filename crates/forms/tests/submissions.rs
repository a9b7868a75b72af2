//! XForms are read back, ours and those of JavaRosa, and submissions are held against them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use forms::{Fault, Kind, Shape, Skeleton, compile, read_identity, read_submission, read_xform};

fn shared(folder: &str, name: &str) -> Vec<u8> {
    std::fs::read(testkit::shared_data("xforms").join(folder).join(name)).unwrap()
}

fn household() -> Skeleton {
    let form = "\
| survey | | | | | | |
| | type | name | label | required | relevant | appearance |
| | text | head | Head | yes | | |
| | date | seen_on | Seen on | | | |
| | begin repeat | member | Member | | | |
| | text | name | Name | yes | | |
| | integer | age | Age | | | |
| | begin repeat | income | Income | | | |
| | decimal | yuan | Yuan | | | |
| | end repeat | | | | | |
| | end repeat | | | | | |
| | begin group | home | Home | | ${head} != '' | |
| | geopoint | place | Place | yes | | |
| | image | door | Door | | | |
| | end group | | | | | |
| settings | | | |
| | form_id | version | form_title |
| | household | 3 | 农户 |
";
    read_xform(compile("household.md", form.as_bytes()).unwrap().xml.as_bytes()).unwrap()
}

fn submitted(body: &str) -> Result<forms::Submission, Vec<Fault>> {
    let xml = format!(
        "<data id='household' version='3' xmlns:orx='http://openrosa.org/xforms'>{body}\
         <orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
    );
    read_submission(xml.as_bytes(), &household())
}

#[test]
fn our_own_xform_reads_back_as_what_was_meant() {
    let form = household();
    assert_eq!(
        (form.id.as_str(), form.version.as_str(), form.title.as_str()),
        ("household", "3", "农户")
    );
    let shapes: Vec<_> = form
        .nodes
        .iter()
        .map(|node| (node.path.as_str(), node.shape))
        .collect();
    assert_eq!(
        shapes,
        [
            ("/data", Shape::Group),
            ("/data/head", Shape::Leaf(Kind::Text)),
            ("/data/seen_on", Shape::Leaf(Kind::Date)),
            ("/data/member", Shape::Repeat),
            ("/data/member/name", Shape::Leaf(Kind::Text)),
            ("/data/member/age", Shape::Leaf(Kind::Integer)),
            ("/data/member/income", Shape::Repeat),
            ("/data/member/income/yuan", Shape::Leaf(Kind::Decimal)),
            ("/data/home", Shape::Group),
            ("/data/home/place", Shape::Leaf(Kind::GeoPoint)),
            ("/data/home/door", Shape::Leaf(Kind::File)),
            ("/data/meta", Shape::Group),
            ("/data/meta/instanceID", Shape::Leaf(Kind::Text)),
        ]
    );
    let head = form.node("/data/head").unwrap();
    assert_eq!(
        (head.required.as_deref(), head.asked, head.several),
        (Some("true()"), true, false)
    );
}

#[test]
fn every_form_of_javarosa_that_is_one_is_read() {
    let mut read = 0;
    for entry in std::fs::read_dir(testkit::shared_data("xforms").join("javarosa")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "xml") {
            continue;
        }
        let xml = std::fs::read(&path).unwrap();
        let is_form = String::from_utf8_lossy(&xml).contains("<h:html")
            || String::from_utf8_lossy(&xml).contains("<html");
        match read_xform(&xml) {
            Ok(form) => {
                read += 1;
                assert!(
                    !form.id.is_empty() && !form.nodes.is_empty(),
                    "{}",
                    path.display()
                );
            }
            Err(fault) => assert!(
                !is_form || fault.code == "forms.no_form_id",
                "{}: {fault:?}",
                path.display()
            ),
        }
    }
    assert!(read >= 25, "{read} forms");
}

#[test]
fn what_a_form_says_in_other_ways_than_ours_is_understood() {
    let bound_by_id = read_xform(&shared("javarosa", "submission-element.xml")).unwrap();
    assert_eq!(bound_by_id.id, "single-submission-test");
    let nested = read_xform(&shared(
        "javarosa",
        "form__api__navigation__twoNestedRepeatGroups.xml",
    ))
    .unwrap();
    assert_eq!(nested.node("/data/g1/g2").unwrap().shape, Shape::Repeat);
    assert_eq!(
        nested.node("/data/g1/g2/numeric").unwrap().shape,
        Shape::Leaf(Kind::Integer)
    );
    let prefixed = read_xform(&shared("javarosa", "meta-namespace-form.xml")).unwrap();
    assert!(prefixed.node("/data/meta/audit").is_some());
    let first_model = read_xform(&shared("javarosa", "two-models.xml")).unwrap();
    assert_eq!(first_model.id, "first-model");
    let by_file = read_xform(&shared("javarosa", "xform__parse__external-select-csv.xml")).unwrap();
    assert!(
        by_file.files.iter().any(|file| file.contains(".csv")),
        "{:?}",
        by_file.files
    );
    let no_form = read_xform(&shared("javarosa", "lgas.xml")).unwrap_err();
    assert_eq!(no_form.code, "forms.not_a_form");
    let no_id = read_xform(&shared("javarosa", "xform__parse__last-saved-filled.xml")).unwrap_err();
    assert_eq!(no_id.code, "forms.no_form_id");
}

#[test]
fn submissions_of_the_field_say_whose_they_are() {
    let transport = read_identity(&shared("submissions", "transport-2011-07-25_19-05-36.xml")).unwrap();
    assert_eq!(transport.form_id, "transportation_2011_07_25");
    assert_eq!(transport.version, "2014111");
    assert_eq!(transport.instance_id, "uuid:f3d8dc65-91a6-4d0f-9e97-802128083390");
    let water = read_identity(&shared("submissions", "water-simple-no-instance-id.xml")).unwrap_err();
    assert_eq!(water.code, "forms.no_instance_id");
}

#[test]
fn answers_are_found_by_path_and_repeat() {
    let submission = submitted(
        "<head>陈</head><seen_on>2018-06-30</seen_on>\
         <member><name>陈</name><age>61</age><income><yuan>12.5</yuan></income><income><yuan/></income></member>\
         <member><name>兰</name><age/></member>\
         <home><place>39.9 116.4 40 5</place><door>1530.jpg</door></home>",
    )
    .unwrap();
    let values = &submission.values;
    assert_eq!(submission.instance_id, "uuid:1");
    assert_eq!(submission.media, ["1530.jpg"]);
    assert_eq!(values.one("/data/head"), Some("陈"));
    assert_eq!(values.one("/data/nothing"), None);
    let names: Vec<_> = values
        .each("/data/member/name")
        .map(|value| (value.repeats[0], value.text.as_str()))
        .collect();
    assert_eq!(names, [(1, "陈"), (2, "兰")]);
    assert_eq!(values.at("/data/member/income/yuan", &[1, 1]), Some("12.5"));
    assert_eq!(values.at("/data/member/income/yuan", &[1, 2]), None);
    assert_eq!(
        (
            values.instances("/data/member", &[]),
            values.instances("/data/member/income", &[1])
        ),
        (2, 2)
    );
    assert_eq!(values.instances("/data/member/income", &[2]), 0);
}

#[test]
fn everything_that_does_not_keep_to_the_form_is_told() {
    let faults = submitted(
        "<head> </head><head>two</head><seen_on>30.6.2018</seen_on><spy>1</spy>\
         <member><name>a</name><age>old</age></member><member><name/></member>\
         <home>text<place>95 0</place></home>",
    )
    .unwrap_err();
    let told: Vec<_> = faults
        .iter()
        .map(|fault| (fault.code, fault.place.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("forms.not_a_repeat", "/data/head".to_owned()),
            ("forms.bad_value", "/data/seen_on".to_owned()),
            ("forms.unknown_node", "/data/spy".to_owned()),
            ("forms.bad_value", "/data/member[1]/age".to_owned()),
            ("forms.not_a_value", "/data/home".to_owned()),
            ("forms.missing_value", "/data/head".to_owned()),
            ("forms.missing_value", "/data/member/name".to_owned()),
        ]
    );
}

#[test]
fn a_submission_of_another_form_or_version_is_refused() {
    let form = household();
    for (xml, code) in [
        (
            "<data id='other' version='3'><meta><instanceID>a</instanceID></meta></data>",
            "forms.other_form",
        ),
        (
            "<data id='household' version='2'><head>x</head><meta><instanceID>a</instanceID></meta></data>",
            "forms.other_version",
        ),
        (
            "<data id='household' version='3'><meta/></data>",
            "forms.no_instance_id",
        ),
        (
            "<data><meta><instanceID>a</instanceID></meta></data>",
            "forms.no_form_id",
        ),
        ("<data id='household' encrypted='yes'/>", "forms.encrypted"),
        (
            "<!DOCTYPE d [<!ENTITY a 'b'>]><data id='household'>&a;</data>",
            "forms.bad_xml",
        ),
        ("<data id='household'>", "forms.bad_xml"),
    ] {
        assert_eq!(
            read_submission(xml.as_bytes(), &form).unwrap_err()[0].code,
            code,
            "{xml}"
        );
    }
    let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    assert_eq!(read_identity(deep.as_bytes()).unwrap_err().code, "forms.too_deep");
}
