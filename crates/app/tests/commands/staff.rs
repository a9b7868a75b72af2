//! Someone of the fund at a running service: signed in by a one-time link, as a browser is, over plain sockets.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::desk::Desk;
use crate::service::{Service, answer};

/// Where a browser says that a request comes from a page of this site.
const FROM_HERE: &str = "Sec-Fetch-Site: same-origin\r\n";
/// What separates the parts of a form here.
const BOUNDARY: &str = "b";

/// A session.
#[derive(Clone)]
pub struct Staff {
    cookie: String,
    csrf: String,
}

impl Staff {
    /// Adds a user of the fund to a data folder; the path of the link for them.
    pub fn invited(desk: &Desk, data: &str) -> String {
        let added = desk.run(data, &["user", "add", "lan", "--name", "兰", "--role", "fund"]);
        assert_eq!(added.code, 0, "{added:?}");
        let link = desk.json(data, &["user", "link", "lan"]);
        link["path"].as_str().unwrap().to_owned()
    }

    /// Signs in by the link.
    pub fn enter(service: &Service, link: &str) -> Self {
        let body = "new_password=carp-in-the-lotus-pond";
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let mut stream = service.connect();
        write!(
            stream,
            "POST {link} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{FROM_HERE}{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let (status, said) = answer(&mut stream);
        assert_eq!(status, 303, "{said}");
        let cookie = said.split("fishpond=").nth(1).unwrap().split(';').next().unwrap();
        let cookie = format!("Cookie: fishpond={cookie}\r\n");
        let page = service.get("/staff/intake", &cookie).1;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
        Self {
            csrf: csrf.split('"').next().unwrap().to_owned(),
            cookie,
        }
    }

    /// Status and whole answer.
    pub fn get(&self, service: &Service, path: &str) -> (u16, String) {
        service.get(path, &self.cookie)
    }

    /// Begins to send an order file of so many bytes as the body of a request.
    pub fn begin_file(&self, service: &Service, name: &str, bytes: usize) -> TcpStream {
        let mut stream = service.connect();
        stream.write_all(self.file_head(name, bytes).as_bytes()).unwrap();
        stream
    }

    /// Begins to send a form whose file is so many bytes; what comes after the file is left out.
    pub fn begin_form(&self, service: &Service, name: &str, bytes: usize) -> TcpStream {
        let mut stream = service.connect();
        let field = |name: &str, value: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let head = format!(
            "{}{}--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n",
            field("csrf", &self.csrf),
            field("layout", "platform")
        );
        write!(
            stream,
            "POST /staff/intake HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{FROM_HERE}{}\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n{head}",
            self.cookie,
            head.len() + bytes
        )
        .unwrap();
        stream
    }

    /// Sends a whole order file to an address; the id of the upload, where the service acknowledged it.
    pub fn send_file(&self, address: &str, name: &str, file: &[u8]) -> Option<String> {
        let mut stream = TcpStream::connect(address).ok()?;
        stream
            .write_all(self.file_head(name, file.len()).as_bytes())
            .ok()?;
        stream.write_all(file).ok()?;
        let mut said = Vec::new();
        // What came before a cut counts: an acknowledgement that was heard has to be true.
        let _cut_off = stream.read_to_end(&mut said);
        let said = String::from_utf8_lossy(&said).into_owned();
        let id = said.split("\"upload\":\"").nth(1)?.split('"').next()?;
        said.starts_with("HTTP/1.1 201").then(|| id.to_owned())
    }

    fn file_head(&self, name: &str, bytes: usize) -> String {
        let (cookie, csrf) = (&self.cookie, &self.csrf);
        format!(
            "POST /staff/intake/files/{name}?layout=platform HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: application/json\r\n\
             {FROM_HERE}{cookie}x-csrf-token: {csrf}\r\nContent-Length: {bytes}\r\n\r\n"
        )
    }
}
