//! As much of HTTP as asking `chromedriver` and the program needs: one request a connection, the answer whole.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// No step of a journey takes longer.
const PATIENCE: Duration = Duration::from_mins(3);
/// A head of more lines is none of ours.
const HEAD_LINES_MAX: usize = 100;

/// Status and body of one request.
///
/// # Errors
/// No connection, or an answer that is not HTTP.
pub fn answer_of(to: SocketAddr, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(to).with_context(|| format!("nobody listens at {to}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {to}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut status = String::new();
    reader.read_line(&mut status)?;
    let code = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    let Some(code) = code else {
        bail!("no answer of HTTP: {status:?}");
    };
    let length = length_of(&mut reader)?;
    let mut bytes = Vec::new();
    match length {
        Some(length) => reader.take(length).read_to_end(&mut bytes)?,
        None => reader.read_to_end(&mut bytes)?,
    };
    Ok((code, bytes))
}

/// Reads the head; how long the body is, where that is said.
fn length_of(reader: &mut impl BufRead) -> Result<Option<u64>> {
    let mut length = None;
    for _ in 0..HEAD_LINES_MAX {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            return Ok(length);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse()?);
        }
    }
    bail!("the head of the answer does not end")
}
