//! `fishpond doctor`: looks at the machine and the installation, and says what to do. Exit 1 where something has to be
//! done. Opening the database brings its tables up to date, as every command does.

mod certificate;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kernel::{Clock as _, Fault, Lang, Refusal, SystemClock, SystemIds};
use serde_json::{Value, json};
use store::Store;

use crate::cli::Settings;
use crate::config::{Config, Service};
use crate::serve::{limits, probes};
use crate::terminal::{either, say, say_json};
use crate::world;

/// No machine runs this program before this day.
const EARLIEST: &str = "2026-01-01T00:00:00Z";
/// Nor, without being wrong, after this one.
const LATEST: &str = "2100-01-01T00:00:00Z";
/// A listener on this machine answers at once.
const KNOCK_WAIT: Duration = Duration::from_secs(2);

/// One thing that was looked at: its name in Chinese and English, and what was found or what is wrong.
type Looked = ((&'static str, &'static str), Result<String, Refusal>);

/// Looks at everything; exit 1 where anything is wrong.
///
/// # Errors
/// `app.json`.
pub async fn run(settings: &Settings, config: &Config) -> Result<ExitCode, Refusal> {
    let lang = world::lang(settings);
    let data = &settings.data;
    let mut looked: Vec<Looked> = vec![
        (("版本", "version"), Ok(version())),
        (("数据文件夹", "data folder"), folder(data)),
        (("磁盘空间", "free space"), room(data)),
        (("数据库", "database"), database(settings).await),
        (("系统时间", "clock"), clock()),
        (("打开文件数", "open files"), open_files(&config.service)),
        (("网页端口", "address"), address(config.service.listen)),
        (("PDF 字体", "fonts for PDF"), fonts(lang)),
    ];
    if let Some((cert, key)) = &config.service.tls {
        looked.push((
            ("证书", "certificate"),
            certificate::look(cert, key, SystemClock.now()),
        ));
    }
    if settings.json {
        let checks: Vec<Value> = looked.iter().map(line).collect();
        say_json(&json!({ "ok": all_well(&looked), "checks": checks }))?;
    } else {
        for one in &looked {
            tell(one, lang);
        }
    }
    Ok(ExitCode::from(u8::from(!all_well(&looked))))
}

fn all_well(looked: &[Looked]) -> bool {
    looked.iter().all(|(_, found)| found.is_ok())
}

fn line(((_, name), found): &Looked) -> Value {
    match found {
        Ok(found) => json!({ "name": name, "ok": true, "found": found }),
        Err(refusal) => json!({ "name": name, "ok": false, "refusal": refusal.to_json() }),
    }
}

fn tell(((zh, en), found): &Looked, lang: Lang) {
    let name = either(lang, zh, en);
    match found {
        Ok(found) => say(format!("✓ {name}  {found}")),
        Err(refusal) => {
            say(format!("✗ {name}  {} [{}]", refusal.message(lang), refusal.code));
            if let Some(advice) = refusal.advice(lang) {
                say(format!("  → {advice}"));
            }
        }
    }
}

fn version() -> String {
    let features = if cfg!(feature = "pdf") { " +pdf" } else { "" };
    format!("fishpond {}{features}", env!("CARGO_PKG_VERSION"))
}

/// Something can be written there, flushed to the disk, renamed and taken away.
fn folder(data: &Path) -> Result<String, Refusal> {
    world::make_folder(data)?;
    let try_it = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(data)?;
        file.write_all(b"fishpond doctor\n")?;
        file.as_file().sync_all()?;
        let kept = data.join(".doctor");
        file.persist(&kept).map_err(|error| error.error)?;
        File::open(data)?.sync_all()?;
        std::fs::remove_file(kept)
    };
    try_it().map_err(|error| {
        Refusal::new("app.folder_unusable", Fault::Refused)
            .at(data.display())
            .fact("cause", error)
    })?;
    Ok(data.display().to_string())
}

fn room(data: &Path) -> Result<String, Refusal> {
    let bytes = probes::room(data)?;
    Ok(bytes.map_or("?".to_owned(), |bytes| format!("{} MiB", bytes >> 20)))
}

async fn database(settings: &Settings) -> Result<String, Refusal> {
    let config = world::store_config(settings);
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    let schema = store.schema().await?;
    let facts = store.facts_head().await?.map_or(0, |head| head.seq);
    store.close().await;
    Ok(format!("{schema}, {facts} facts"))
}

fn clock() -> Result<String, Refusal> {
    let now = SystemClock.now();
    let edge = |text: &str| text.parse::<Timestamp>().ok();
    if edge(EARLIEST).is_some_and(|day| now < day) || edge(LATEST).is_some_and(|day| now > day) {
        return Err(Refusal::new("app.clock_wrong", Fault::Refused).value(now));
    }
    Ok(now.to_string())
}

fn open_files(service: &Service) -> Result<String, Refusal> {
    let Some(have) = limits::open_files() else {
        return Ok("?".to_owned());
    };
    let wanted = limits::connections(service.connections_max, None) + limits::OWN_FILES;
    if have < wanted {
        return Err(Refusal::new("app.few_open_files", Fault::Refused)
            .value(have)
            .fact("wanted", wanted));
    }
    Ok(have.to_string())
}

/// Nothing listens there, or Fishpond does.
fn address(listen: SocketAddr) -> Result<String, Refusal> {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(listen.to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && is_fishpond(listen) => {
            Ok(format!("{listen} (fishpond)"))
        }
        Err(error) => Err(Refusal::new("app.not_listening", Fault::Refused)
            .at(listen)
            .fact("cause", error)),
    }
}

fn is_fishpond(listen: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&listen, KNOCK_WAIT)?;
        stream.set_read_timeout(Some(KNOCK_WAIT))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(16 << 10).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.contains("\"ready\":"))
}

#[cfg(feature = "pdf")]
fn fonts(_lang: Lang) -> Result<String, Refusal> {
    let folder = world::font_folder();
    let is_font = |name: &std::ffi::OsStr| name.to_string_lossy().contains("CJK");
    let found = std::fs::read_dir(&folder)
        .is_ok_and(|mut files| files.any(|file| file.is_ok_and(|file| is_font(&file.file_name()))));
    if !found {
        return Err(Refusal::new("app.no_fonts", Fault::Refused).at(folder.display()));
    }
    Ok(folder.display().to_string())
}

#[cfg(not(feature = "pdf"))]
#[expect(clippy::unnecessary_wraps, reason = "with PDF built in it may refuse")]
fn fonts(lang: Lang) -> Result<String, Refusal> {
    Ok(either(lang, "未编入 PDF，不需要", "PDF is not built in; none needed").to_owned())
}
