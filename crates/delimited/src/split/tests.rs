//! Records however blocks cut them, and text that is no table.

use super::*;
use proptest::prelude::*;

fn split_in_blocks(text: &[u8], block: usize) -> Result<Vec<(u64, Vec<String>)>, SplitError> {
    let mut splitter = Splitter::new(b',');
    let mut records = Vec::new();
    let mut drain = |splitter: &mut Splitter| -> Result<(), SplitError> {
        while splitter.advance()? {
            let fields = splitter.fields();
            let texts = (0..fields.count())
                .map(|i| String::from_utf8_lossy(fields.get(i)).into_owned())
                .collect();
            records.push((splitter.place().0, texts));
        }
        Ok(())
    };
    for chunk in text.chunks(block) {
        splitter.feed(chunk.to_vec());
        drain(&mut splitter)?;
    }
    splitter.end();
    drain(&mut splitter)?;
    Ok(records)
}

#[test]
fn quoted_fields_keep_commas_quotes_and_line_ends() {
    let text = b"a,b\r\n\"x, \"\"y\"\"\n z\",2\n\n3,\"\"\n,last";
    for block in 1..text.len() {
        let records = split_in_blocks(text, block).unwrap();
        let expected: Vec<(u64, Vec<String>)> = [
            (1, ["a", "b"]),
            (2, ["x, \"y\"\n z", "2"]),
            (5, ["3", ""]),
            (6, ["", "last"]),
        ]
        .map(|(line, fields)| (line, fields.map(String::from).to_vec()))
        .to_vec();
        assert_eq!(records, expected, "in blocks of {block}");
    }
}

#[test]
fn an_unclosed_quote_is_named_by_its_line() {
    let error = split_in_blocks(b"a,b\n1,\"open\n2,3\n", 4).unwrap_err();
    assert_eq!(
        error,
        SplitError {
            code: "delimited.unclosed_quote",
            line: 2
        }
    );
}

#[test]
fn a_field_without_end_is_refused_before_it_fills_the_memory() {
    let mut text = b"a,b\n1,".to_vec();
    text.resize(10 << 20, b'x');
    assert_eq!(
        split_in_blocks(&text, 1 << 16).unwrap_err().code,
        "delimited.record_too_long"
    );
    let mut quoted = b"a,b\n1,\"".to_vec();
    quoted.resize(10 << 20, b'x');
    assert_eq!(
        split_in_blocks(&quoted, 1 << 16).unwrap_err().code,
        "delimited.field_too_long"
    );
    let mut medium = b"1,".to_vec();
    medium.resize(FIELD_BYTES_MAX + 10, b'x');
    assert_eq!(
        split_in_blocks(&medium, 1 << 12).unwrap_err().code,
        "delimited.field_too_long"
    );
}

proptest! {
    #[test]
    fn what_a_csv_writer_wrote_is_read_back(rows in prop::collection::vec(prop::collection::vec("[a-c,\"\n\r 年]{0,6}", 2..5), 1..8), block in 1_usize..40) {
        let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let read: Vec<Vec<String>> = split_in_blocks(&text, block).unwrap().into_iter().map(|(_, fields)| fields).collect();
        prop_assert_eq!(read, rows);
    }
}
