//! A phone with Collect on it, and a village to send from.

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kernel::Role;
use tempfile::TempDir;
use web::testing::{Answer, Client, PASSWORD, site};

pub const NUMBER: &str = "653130198001010117";
pub const WRONG: &str = "653130198001010118";
pub const VILLAGE: &str = "653130101201";

/// A phone with Collect on it: what it was told to sign in with.
pub struct Phone {
    client: Client,
    authorization: String,
}

impl Phone {
    pub fn of(client: &Client, login: &str, password: &str) -> Self {
        Self {
            client: client.nobody(),
            authorization: format!("Basic {}", BASE64.encode(format!("{login}:{password}"))),
        }
    }

    pub async fn ask(&self, method: Method, path: &str) -> Answer {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("x-openrosa-version", "1.0"),
        ];
        self.client.ask(method, path, &headers, "").await
    }

    /// Sends a submission with some of its files, as Collect does.
    pub async fn send(&self, xml: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        let mut part = |name: &str, file: &str, kind: &str, bytes: &[u8]| {
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            );
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        };
        part("xml_submission_file", "household.xml", "text/xml", xml.as_bytes());
        for (name, bytes) in files {
            part(name, name, "image/jpeg", bytes);
        }
        body.extend(b"--b--\r\n");
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("x-openrosa-version", "1.0"),
            ("content-type", "multipart/form-data; boundary=b"),
        ];
        let post = self
            .client
            .send(Method::POST, "/openrosa/submission", &headers, Body::from(body));
        post.await
    }
}

/// A household as Collect sends it: what was not asked is not there.
pub fn filled(instance: &str, name: &str, number: &str) -> String {
    format!(
        "<?xml version='1.0' ?><data id=\"household\" version=\"1\" xmlns:orx=\"http://openrosa.org/xforms\" xmlns:jr=\"http://openrosa.org/javarosa\">\
         <home><place>{VILLAGE}</place><since>2018-01-10</since><cause>illness</cause>\
         <more_cause>schooling no-water</more_cause><land>4.5</land></home>\
         <income><year>2017</year><wages>4000</wages><operating/><property/><transfer/><costs/></income>\
         <guarantees><food>yes</food><clothing>yes</clothing><education>yes</education><medical>yes</medical>\
         <housing>no</housing><water>yes</water></guarantees><exclusion_list><exclusions>none</exclusions></exclusion_list>\
         <head><name>{name}</name><resident_id>{number}</resident_id><phone>13800000011</phone><birth_on/><sex>male</sex>\
         <labour>able</labour><work>farming</work><health>well</health><disability>0</disability>\
         <schooling>primary</schooling></head>\
         <member><relation>spouse</relation><name>李娜</name><resident_id/><phone/><birth_on>1982-03-04</birth_on>\
         <sex>female</sex><labour>able</labour><work/><health>well</health><disability/><schooling/></member>\
         <application>1.jpg</application><meta><instanceID>{instance}</instanceID></meta></data>"
    )
}

pub struct House {
    _folder: TempDir,
    pub village: Client,
    pub phone: Phone,
}

pub async fn house() -> House {
    let folder = TempDir::new().unwrap();
    let nobody = Client::of(site(folder.path()).await);
    let village = nobody.signed_in(Role::VillageWorker, Some(VILLAGE)).await;
    House {
        phone: Phone::of(&nobody, village.login(), PASSWORD),
        village,
        _folder: folder,
    }
}

/// Everything that stands after what was sent: the submissions with their states, and the households by their heads.
pub async fn standing(house: &House) -> (Vec<String>, usize) {
    let list = house.village.get("/staff/registry/submissions").await.text();
    let mut rows: Vec<String> = list
        .split("<tr>")
        .filter(|row| row.contains("uuid:"))
        .map(|row| {
            let instance = row.split("uuid:").nth(1).unwrap().split('<').next().unwrap();
            format!("{instance} {}", row.contains("已登记"))
        })
        .collect();
    rows.sort();
    let files = store_files(house).await;
    let found = house
        .village
        .post_form("/staff/registry/search", &[("text", "zhang")])
        .await
        .text();
    rows.push(format!("files {files}"));
    (rows, found.matches("张").count())
}

async fn store_files(house: &House) -> i64 {
    let mut reader = house.village.store.read().await.unwrap();
    let sql = "SELECT COUNT(*) AS n FROM registry_submission_files";
    let row = reader.row(sql, Vec::new()).await.unwrap();
    row.unwrap().int("n").unwrap()
}
