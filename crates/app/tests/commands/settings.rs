//! Settings by flag, variable, file and default; `fishpond doctor`; HTTPS.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};

use crate::desk::Desk;
use crate::service::Service;

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/tls");
    folder.join(name).display().to_string()
}

fn setting(shown: &Value, name: &str) -> (Value, Value) {
    let settings = shown["settings"].as_array().unwrap();
    let found = settings.iter().find(|setting| setting["name"] == name).unwrap();
    (found["value"].clone(), found["source"].clone())
}

#[test]
fn a_flag_goes_before_a_variable_that_before_the_file_and_that_before_the_default() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("data")).unwrap();
    let file = "listen = \"127.0.0.1:1\"\nlang = \"en\"\nconnections_max = 9\ndatabase = \"postgres://a:s3cret@h/f\"\n";
    std::fs::write(desk.path("data/fishpond.toml"), file).unwrap();
    let shown = desk
        .command("data", &["config", "--json", "--listen", "127.0.0.1:3"])
        .env("FISHPOND_LISTEN", "127.0.0.1:2")
        .env("FISHPOND_CONNECTIONS_MAX", "8")
        .output()
        .unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(!text.contains("s3cret"), "{text}");
    let shown: Value = serde_json::from_str(&text).unwrap();
    for (name, value, source) in [
        ("listen", json!("127.0.0.1:3"), "flag"),
        ("connections_max", json!("8"), "variable"),
        ("lang", json!("en"), "file"),
        ("database", json!("postgres://a:***@h/f"), "file"),
        ("trust_proxy", json!("false"), "default"),
        ("tls_cert", Value::Null, "default"),
    ] {
        assert_eq!(setting(&shown, name), (value, json!(source)), "{name}");
    }
}

#[test]
fn a_setting_that_is_not_known_is_refused_by_name_and_line() {
    let desk = Desk::new();
    let file = desk.path("pond.toml");
    std::fs::write(&file, "lang = \"en\"\n\nport = 80\n").unwrap();
    let refused = desk.run("data", &["config", "--json", "--config", file.to_str().unwrap()]);
    assert_eq!(refused.code, 1);
    let refused: Value = serde_json::from_str(&refused.err).unwrap();
    assert_eq!(refused["code"], "app.config_unknown_key");
    assert!(
        refused["at"].as_str().unwrap().ends_with("pond.toml:3"),
        "{refused}"
    );
}

#[test]
fn the_doctor_finds_a_sound_machine_sound_and_names_what_is_not() {
    let desk = Desk::new();
    let (cert, key, other) = (fixture("cert.pem"), fixture("key.pem"), fixture("other-key.pem"));
    let flags = [
        "doctor",
        "--json",
        "--listen",
        "127.0.0.1:0",
        "--connections-max",
        "10",
        "--tls-cert",
        &cert,
        "--tls-key",
    ];
    let well = desk.run("data", &[&flags[..], &[key.as_str()]].concat());
    let found: Value = serde_json::from_str(&well.out).unwrap();
    let failed = |found: &Value| -> Vec<Value> {
        let checks = found["checks"].as_array().unwrap();
        let failed = checks.iter().filter(|check| check["ok"] == false);
        failed.map(|check| check["refusal"]["code"].clone()).collect()
    };
    assert_eq!((well.code, failed(&found)), (0, vec![]), "{found}");
    let ill = desk.run("data", &[&flags[..], &[other.as_str()]].concat());
    let found: Value = serde_json::from_str(&ill.out).unwrap();
    assert_eq!(
        (ill.code, failed(&found)),
        (1, vec![json!("app.tls_unusable")]),
        "{found}"
    );
}

#[test]
fn pages_come_by_https_with_a_certificate_from_files() {
    let desk = Desk::new();
    let (cert, key) = (fixture("cert.pem"), fixture("key.pem"));
    let service = Service::start(&desk, "data", &["--tls-cert", &cert, "--tls-key", &key]);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&cert).unwrap()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(client), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(&service.address).unwrap());
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _without_farewell = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"));
}
