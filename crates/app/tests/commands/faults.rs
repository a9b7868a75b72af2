//! What goes wrong while people work: files that are half sent, a disk that fills up meanwhile, a stop and a kill with
//! commands under way. Nothing half done stays, and nothing that was acknowledged is lost.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::Disk;

use crate::desk::{Desk, names};
use crate::service::{Service, answer};
use crate::staff::Staff;

/// Bytes of a file that is half sent.
const HALF: usize = 4 << 20;
/// People who work at once.
const HANDS: u32 = 4;

/// Waits until the folder of uploads holds nothing: a busy machine takes its time to notice who went.
fn assert_emptied(desk: &Desk, data: &str) {
    let folder = desk.path(data).join("lake/uploads");
    let start = Instant::now();
    while !names(&folder).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(25), "{:?}", names(&folder));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Bytes that lie in the folder of uploads.
fn lying_bytes(desk: &Desk, data: &str) -> u64 {
    let folder = desk.path(data).join("lake/uploads");
    let sizes = names(&folder)
        .into_iter()
        .map(|name| std::fs::metadata(folder.join(name)));
    sizes.map(|about| about.map_or(0, |about| about.len())).sum()
}

#[test]
fn files_that_are_half_sent_leave_nothing_behind() {
    let desk = Desk::new();
    let link = Staff::invited(&desk, "data");
    let service = Service::start(&desk, "data", &[]);
    let staff = Staff::enter(&service, &link);
    let half = |mut stream: TcpStream| {
        stream.write_all(&vec![b'a'; HALF]).unwrap();
        stream
    };
    let went_away = [
        half(staff.begin_file(&service, "gone.csv", 2 * HALF)),
        half(staff.begin_form(&service, "gone-too.csv", 2 * HALF)),
    ];
    let mut silent = [
        half(staff.begin_file(&service, "silent.csv", 2 * HALF)),
        half(staff.begin_form(&service, "silent-too.csv", 2 * HALF)),
    ];
    let start = Instant::now();
    // All four are on their way in: the room is taken until they are given up.
    while lying_bytes(&desk, "data") < 3 * HALF as u64 {
        assert!(
            start.elapsed() < Duration::from_secs(9),
            "{}",
            lying_bytes(&desk, "data")
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(went_away);
    for stream in &mut silent {
        let (status, said) = answer(stream);
        assert!(status == 0 || (400..500).contains(&status), "{status}: {said}");
    }
    assert_emptied(&desk, "data");
    assert!(
        staff
            .send_file(&service.address, "whole.csv", b"order\n")
            .is_some()
    );
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}

#[test]
fn a_disk_that_fills_up_during_an_upload_is_said_and_keeps_nothing_of_it() {
    let desk = Desk::new();
    let Some(_disk) = Disk::mount(&desk.path("disk"), 24 << 10) else {
        println!("no small disk can be mounted here");
        return;
    };
    let link = Staff::invited(&desk, "disk/data");
    let service = Service::start(&desk, "disk/data", &[]);
    let staff = Staff::enter(&service, &link);
    let large = vec![b'a'; 48 << 20];
    let mut stream = staff.begin_file(&service, "large.csv", large.len());
    let mut ear = stream.try_clone().unwrap();
    let heard = std::thread::spawn(move || answer(&mut ear));
    let _cut_off = stream.write_all(&large);
    let (status, said) = heard.join().unwrap();
    assert!(
        (500..600).contains(&status) && said.contains("lake.disk_full"),
        "{status}: {said}"
    );
    assert_emptied(&desk, "disk/data");
    assert_eq!(staff.get(&service, "/staff/intake").0, 200);
    assert!(
        staff
            .send_file(&service.address, "small.csv", b"order\n")
            .is_some()
    );
    assert_eq!(desk.json("disk/data", &["check"])["findings"], json!([]));
}

/// People send files until the service is ended; then it is started again, and holds each file it acknowledged.
fn nothing_acknowledged_is_lost(end: impl FnOnce(&mut Service)) {
    let desk = Desk::new();
    let link = Staff::invited(&desk, "data");
    let mut service = Service::start(&desk, "data", &[]);
    let staff = Staff::enter(&service, &link);
    let sent = AtomicU32::new(0);
    let acknowledged: Vec<(String, String)> = std::thread::scope(|scope| {
        let hand = |hand: u32| {
            let (address, staff, sent) = (service.address.clone(), staff.clone(), &sent);
            move || {
                let mut kept = Vec::new();
                for number in 0.. {
                    let name = format!("orders-{hand}-{number}.csv");
                    let Some(id) = staff.send_file(&address, &name, name.as_bytes()) else {
                        return kept;
                    };
                    sent.fetch_add(1, Ordering::Relaxed);
                    kept.push((id, name));
                }
                kept
            }
        };
        let hands: Vec<_> = (0..HANDS).map(|number| scope.spawn(hand(number))).collect();
        let start = Instant::now();
        while sent.load(Ordering::Relaxed) < 100 {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{sent:?} files in 20 s"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        end(&mut service);
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    drop(service);
    let again = Service::start(&desk, "data", &[]);
    for (id, name) in &acknowledged {
        let (status, page) = staff.get(&again, &format!("/staff/intake/{id}"));
        assert!(
            status == 200 && page.contains(name),
            "{name} was acknowledged: {status}"
        );
        let bytes = std::fs::read(desk.path("data/lake/uploads").join(id)).unwrap();
        assert_eq!(bytes, name.as_bytes());
    }
    println!("{} files were acknowledged, and all are here", acknowledged.len());
    assert_eq!(desk.json("data", &["check"])["findings"], json!([]));
}

#[test]
fn told_to_stop_it_loses_no_command_that_it_acknowledged() {
    nothing_acknowledged_is_lost(|service| {
        service.signal("-TERM");
        assert_eq!(service.ended(Duration::from_secs(25)), 0, "{}", service.log());
    });
}

#[test]
fn killed_it_loses_no_command_that_it_acknowledged() {
    nothing_acknowledged_is_lost(|service| {
        service.child.kill().unwrap();
        service.child.wait().unwrap();
    });
}
