//! `fishpond serve` as one runs it for years: limits against slow readers, a stop that loses nothing, what machines ask,
//! a log without secrets, and the settings it goes by.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::Disk;

use crate::desk::Desk;

/// A running service; ended when it is dropped. Its log goes to a file.
pub struct Service {
    pub child: Child,
    pub address: String,
    log: std::path::PathBuf,
}

impl Service {
    /// Starts it with more arguments, and waits until it says where it is.
    pub fn start(desk: &Desk, data: &str, more: &[&str]) -> Self {
        let log = desk.path("service.log");
        let args = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let mut child = desk
            .command(data, &args)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.split("://").nth(1).unwrap();
        Self {
            address: address.split('/').next().unwrap().to_owned(),
            child,
            log,
        }
    }

    /// Asks for a page until the answer has this status: a busy machine takes its time to notice who came and went.
    fn answers_at_last(&self, status: u16) {
        let start = Instant::now();
        while self.get("/", "").0 != status {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "never answered {status}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream
    }

    /// Status and whole answer.
    pub fn get(&self, path: &str, headers: &str) -> (u16, String) {
        let mut stream = self.connect();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        answer(&mut stream)
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits for its end; gives the exit code.
    pub fn ended(&mut self, within: Duration) -> i32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap();
            }
            assert!(start.elapsed() < within, "still running after {within:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads to the end; a connection that is cut off gives status 0 and what came.
pub fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    let _cut_off = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or(0), text)
}

#[test]
fn two_thousand_idle_connections_keep_nobody_from_an_answer() {
    const IDLE: usize = 2_000;
    let raised = Command::new("prlimit")
        .args(["--nofile=8192:", "--pid", &std::process::id().to_string()])
        .status();
    if !raised.is_ok_and(|status| status.success()) {
        println!("the limit on open files cannot be raised here");
        return;
    }
    let desk = Desk::new();
    let service = Service::start(&desk, "data", &[]);
    assert_eq!(service.get("/", "").0, 200);
    let before = service.resident_kib();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| service.connect()).collect();
    let start = Instant::now();
    assert_eq!(service.get("/", "").0, 200);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    let grown = service.resident_kib().saturating_sub(before);
    println!("{IDLE} idle connections: {grown} KiB more, another reader answered in {took:?}");
    assert!(grown < 200 * 1024, "{grown} KiB");
    let metrics = service.get("/metrics", "").1;
    let open = metrics
        .lines()
        .find_map(|line| line.strip_prefix("fishpond_connections_open "));
    assert!(open.unwrap().parse::<usize>().unwrap() >= IDLE);
    drop(idle);
}

#[test]
fn slow_headers_and_slow_bodies_are_cut_off() {
    let desk = Desk::new();
    let service = Service::start(&desk, "data", &[]);
    let trickle = |first: &str| {
        let mut stream = service.connect();
        stream.write_all(first.as_bytes()).unwrap();
        let mut ear = stream.try_clone().unwrap();
        let heard = std::thread::spawn(move || answer(&mut ear));
        let start = Instant::now();
        while !heard.is_finished() && start.elapsed() < Duration::from_secs(40) {
            let _cut_off = stream.write_all(b"a");
            std::thread::sleep(Duration::from_millis(250));
        }
        assert!(heard.is_finished(), "{first}");
        (heard.join().unwrap().0, start.elapsed())
    };
    let idle = service.connect();
    let head = "POST /preferences HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n";
    let ((_, header), (status, body)) = std::thread::scope(|scope| {
        let header = scope.spawn(|| trickle(&format!("{head}X-Slow: ")));
        let body = scope.spawn(|| trickle(&format!("{head}Content-Length: 60000\r\n\r\n")));
        (header.join().unwrap(), body.join().unwrap())
    });
    println!("slow headers were cut off after {header:?}, a slow body after {body:?}");
    assert!(status == 0 || (400..500).contains(&status), "{status}");
    let mut idle = idle;
    let mut rest = Vec::new();
    assert_eq!(
        idle.read_to_end(&mut rest).unwrap_or(0),
        0,
        "an idle connection ends too"
    );
    let metrics = service.get("/metrics", "").1;
    for reason in ["slow_header", "slow_body"] {
        let line = format!("fishpond_connections_cut_total{{reason=\"{reason}\"}} ");
        let count = metrics.lines().find_map(|have| have.strip_prefix(&line));
        assert_ne!(count.unwrap(), "0", "{reason}");
    }
}

#[test]
fn too_much_of_anything_is_refused_and_the_next_reader_is_answered() {
    let desk = Desk::new();
    let service = Service::start(&desk, "data", &["--connections-max", "3"]);
    let long = format!("X-Long: {}\r\n", "a".repeat(600_000));
    let many = "X: 1\r\n".repeat(200);
    for headers in [long, many] {
        assert_eq!(service.get("/", &headers).0, 431);
    }
    // A body that is broken off leaves nothing and stops nothing.
    let mut half = service.connect();
    half.write_all(b"POST /preferences HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\ntheme=dark")
        .unwrap();
    drop(half);
    assert_eq!(service.get("/", "").0, 200);
    let full: Vec<TcpStream> = (0..3).map(|_| service.connect()).collect();
    service.answers_at_last(503);
    drop(full);
    service.answers_at_last(200);
}

#[test]
fn told_to_stop_it_finishes_open_answers_and_ends_in_peace() {
    let desk = Desk::new();
    let made = desk.run("data", &["demo", "--no-serve", "--lines", "10000"]);
    assert_eq!(made.code, 0, "{made:?}");
    let mut service = Service::start(&desk, "data", &[]);
    let pack = "GET /reports/2018H1/files/evidence.tar HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut open: Vec<TcpStream> = (0..8)
        .map(|_| {
            let mut stream = service.connect();
            stream.write_all(pack.as_bytes()).unwrap();
            let mut first = [0; 1];
            stream.read_exact(&mut first).unwrap();
            stream
        })
        .collect();
    let idle = service.connect();
    service.signal("-TERM");
    std::thread::sleep(Duration::from_millis(500));
    for stream in &mut open {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        let split = rest.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&rest[..split]).to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
        assert_eq!(rest.len() - split - 4, length);
    }
    assert_eq!(service.ended(Duration::from_secs(25)), 0, "{}", service.log());
    assert!(TcpStream::connect(&service.address).is_err());
    drop(idle);
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}

#[test]
fn killed_at_once_it_serves_again() {
    let desk = Desk::new();
    for _ in 0..3 {
        let mut service = Service::start(&desk, "data", &[]);
        assert_eq!(service.get("/readyz", "").0, 200);
        service.child.kill().unwrap();
        service.child.wait().unwrap();
    }
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}

#[test]
fn a_full_disk_is_said_and_readers_are_answered_meanwhile() {
    let desk = Desk::new();
    let Some(small) = Disk::mount(&desk.path("disk"), 64 << 10) else {
        println!("no small disk can be mounted here");
        return;
    };
    let service = Service::start(&desk, "disk/data", &[]);
    let (status, ready) = service.get("/readyz", "");
    assert_eq!(status, 503);
    assert!(ready.contains("app.disk_low"), "{ready}");
    let filler = desk.path("disk/filler");
    let _full = std::fs::write(&filler, vec![0; 80 << 20]);
    assert_eq!(service.get("/", "").0, 200);
    let refused = desk.run(
        "disk/data",
        &["user", "add", "lan@example.org", "--name", "Lan", "--json"],
    );
    assert_ne!(refused.code, 0);
    let refused: Value = serde_json::from_str(refused.err.lines().next().unwrap()).unwrap();
    let code = refused["code"].as_str().unwrap();
    assert!(
        code.ends_with(".disk_full") || code == "app.folder_unusable",
        "{refused}"
    );
    std::fs::remove_file(&filler).unwrap();
    let again = desk.run("disk/data", &["user", "add", "lan@example.org", "--name", "Lan"]);
    assert_eq!(again.code, 0, "{again:?}");
    small.grow(1 << 20);
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(service.get("/readyz", "").0, 200);
}

#[test]
fn metrics_know_routes_and_are_for_this_machine_alone() {
    let desk = Desk::new();
    let service = Service::start(&desk, "data", &[]);
    assert_eq!(service.get("/styleguide?q=secret-search", "").0, 200);
    assert_eq!(service.get("/styleguide?q=secret-search", "").0, 200);
    assert_eq!(service.get("/no/such/secret-page", "").0, 404);
    assert_eq!(service.get("/healthz", "").0, 200);
    let (status, text) = service.get("/metrics", "");
    assert_eq!(status, 200);
    assert!(!text.contains("secret"), "{text}");
    for line in [
        "fishpond_requests_total{route=\"/styleguide\",method=\"GET\",status=\"200\"} 2",
        "fishpond_requests_total{route=\"unknown\",method=\"GET\",status=\"404\"} 1",
        "fishpond_database_up 1",
        "fishpond_jobs{state=\"failed\"} 0",
    ] {
        assert!(text.lines().any(|have| have == line), "{line}\n{text}");
    }
    assert_eq!(service.get("/metrics", "X-Forwarded-For: 1.2.3.4\r\n").0, 404);
    drop(service);
    let aside = Service::start(&desk, "data", &["--metrics-listen", "127.0.0.1:0"]);
    assert_eq!(aside.get("/metrics", "").0, 404);
}

#[test]
fn the_log_is_json_and_holds_no_secret() {
    const SECRET: &str = "s3cret-never-to-be-logged";
    let desk = Desk::new();
    let mut service = Service::start(&desk, "data", &["--log", "json", "--log-level", "debug"]);
    let headers =
        format!("Cookie: session={SECRET}\r\nAuthorization: Bearer {SECRET}\r\nReferer: /{SECRET}\r\n");
    for path in [
        format!("/styleguide?q={SECRET}"),
        format!("/links/{SECRET}"),
        format!("/sign-in?token={SECRET}"),
    ] {
        service.get(&path, &headers);
    }
    for path in ["/preferences", "/sign-in", "/staff/intake"] {
        let body = format!("password={SECRET}&theme=dark&back=/{SECRET}");
        let mut stream = service.connect();
        let length = body.len();
        let kind = "application/x-www-form-urlencoded";
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        answer(&mut stream);
    }
    service.signal("-TERM");
    assert_eq!(service.ended(Duration::from_secs(25)), 0);
    let log = service.log();
    assert!(!log.contains(SECRET), "{log}");
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answered: Vec<&Value> = lines
        .iter()
        .filter(|line| line["message"] == "answered")
        .collect();
    assert_eq!(answered.len(), 6, "{log}");
    let first = answered[0];
    assert_eq!(
        (&first["method"], &first["route"], &first["status"]),
        (&json!("GET"), &json!("/styleguide"), &json!(200))
    );
    assert!(first["request"].as_str().unwrap().len() > 8 && first["bytes"].as_u64().unwrap() > 100);
}
