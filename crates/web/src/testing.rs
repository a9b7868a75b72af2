//! A site with the sample report and clients of it, nobody's and signed-in ones, for tests of this crate and of those
//! that build on it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test by panicking")]
#![expect(
    clippy::missing_panics_doc,
    reason = "a helper of tests fails the test by panicking"
)]

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use books::Books;
use exchange::Exchange;
use finance::payments::Payments;
use fund::Fund;
use kernel::{Actor, Done, PlaceCode, Role, SystemClock, SystemIds, SystemSecrets};
use lake::Lake;
use lake::figures::FigureTables;
use lake::uploads::{UploadLimits, Uploads};
use oidc::Oidc;
use outbound::Reach;
use people::places::Places;
use people::staff::{self, NewUser, Staff, UserId};
use programme::Programme;
use registry::Registry;
use report::folder::sealed;
use report::periods::{self, DraftId, Kept, Version};
use report::{ReportKey, render_files, sample::sample};
use store::{Keyring, Store, StoreConfig};
use tokio::sync::Notify;
use tower::ServiceExt as _;
use webhooks::Webhooks;

use crate::front::Front;
use crate::shelf::{Published, Shelf};
use crate::site::Site;
use crate::workshop::Workshop;

/// A site with the sample report, its documents in `folder`; without order lines.
pub async fn site(folder: &Path) -> Site {
    let config = StoreConfig {
        database: format!("sqlite://{}", folder.join("fishpond.db").display()),
        documents: folder.join("documents").display().to_string(),
    };
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap();
    let cache = folder.join("cache");
    let version = published(&store, folder).await;
    let published = Published::of_version(&cache, &store, &version).await.unwrap();
    let programme = Programme::built_in().unwrap();
    let (rules, keyring) = (
        programme.recognition.as_ref(),
        Keyring::from_seed(&[1; 32]).unwrap(),
    );
    let staff = Staff::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemSecrets));
    Site {
        tables: Arc::new(FigureTables::of(&programme, Places::national()).unwrap()),
        places: Places::national(),
        shown: Shelf::with(published),
        workshop: None,
        ids: Arc::new(SystemIds),
        staff: staff.clone(),
        webhooks: Webhooks::new(
            store.clone(),
            Arc::new(SystemClock),
            Arc::new(SystemSecrets),
            Keyring::from_seed(&[1; 32]).unwrap(),
            Reach::Public,
        ),
        oidc: oidc(&store, &staff, Reach::Public),
        books: Books::new(store.clone()),
        fund: Fund::new(store.clone()),
        exchange: rules.map(|_| exchange(&store, &programme, &staff)),
        registry: rules.map(|_| registry(&store, &programme)),
        payments: Payments::new(
            store.clone(),
            keyring.clone(),
            Arc::new(SystemSecrets),
            Arc::new(SystemIds),
        ),
        keyring,
        programme,
        clock: Arc::new(SystemClock),
        front: Front::local(80),
        store,
        cache,
    }
}

/// The registry of a store, by the rules of a programme that has some.
#[must_use]
pub fn registry(store: &Store, programme: &Programme) -> Registry {
    let keyring = Keyring::from_seed(&[1; 32]).unwrap();
    let rules = Arc::new(programme.recognition.clone().unwrap());
    Registry::new(store.clone(), keyring, Arc::new(SystemSecrets), rules)
}

fn exchange(store: &Store, programme: &Programme, staff: &Staff) -> Exchange {
    let parts = (store.clone(), registry(store, programme), staff.clone());
    let keyring = Keyring::from_seed(&[1; 32]).unwrap();
    let secrets = Arc::new(SystemSecrets);
    Exchange::new(
        parts,
        Arc::new(SystemClock),
        Arc::new(SystemIds),
        keyring,
        secrets,
    )
    .unwrap()
}

/// Sign-in by the organisations of a store, which may be as far away as this.
#[must_use]
pub fn oidc(store: &Store, staff: &Staff, reach: Reach) -> Oidc {
    let (clock, secrets) = (Arc::new(SystemClock), Arc::new(SystemSecrets));
    let keyring = Keyring::from_seed(&[1; 32]).unwrap();
    Oidc::new(staff.clone(), store.clone(), clock, secrets, keyring, reach)
}

/// A site that takes order files in and makes reports, in `folder`, with one more layout; nothing is published.
pub async fn working_site(folder: &Path, layout: &str, file_bytes_max: u64) -> Arc<Site> {
    let programme_dir = folder.join("programme");
    programme::embedded::write_to(&programme_dir).unwrap();
    std::fs::write(programme_dir.join("channels/plain.toml"), layout).unwrap();
    let mut site = site(folder).await;
    let limits = UploadLimits {
        file_bytes_max,
        ..UploadLimits::default()
    };
    site.programme = Programme::open(&programme_dir).unwrap();
    site.tables = Arc::new(FigureTables::of(&site.programme, site.places).unwrap());
    site.shown = Shelf::default();
    site.workshop = Some(workshop(&site.store, folder, limits).await);
    Arc::new(site)
}

/// A workshop in `folder`, whose programme is in the folder `programme` there.
pub async fn workshop(store: &Store, folder: &Path, limits: UploadLimits) -> Workshop {
    let lake = Lake::open(store.clone(), &folder.join("lake")).unwrap();
    Workshop {
        uploads: Uploads::open(lake.clone(), limits).await.unwrap(),
        lake,
        programme_dir: folder.join("programme"),
        key: ReportKey::from_seed([1; 32]),
        more_files: Box::new(|_| Ok(Vec::new())),
        scratch: folder.join("scratch"),
        clock: Arc::new(SystemClock),
        wake: Notify::new(),
    }
}

/// The documents of the sample report, as those of a draft that could be submitted.
pub async fn keep_sample(store: &Store, folder: &Path) -> Kept {
    let (report, key) = (sample(), ReportKey::from_seed([1; 32]));
    let files = render_files(&report).unwrap();
    let (_, seal) = sealed(&report, &files, &key).unwrap();
    let pack = folder.join("pack.tar");
    std::fs::write(&pack, b"a pack").unwrap();
    periods::keep(store, &report, files, seal, &pack).await.unwrap()
}

async fn published(store: &Store, folder: &Path) -> Version {
    let report = sample();
    Version {
        period: report.period.id.parse().unwrap(),
        number: 1,
        draft: DraftId::next(&SystemIds),
        kept: keep_sample(store, folder).await,
        reason: None,
        published_at: report.made_at.parse().unwrap(),
        published_by: "fund".to_owned(),
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        if self.header("content-encoding") == "gzip" {
            let mut text = String::new();
            flate2::read::GzDecoder::new(self.bytes.as_slice())
                .read_to_string(&mut text)
                .unwrap();
            return text;
        }
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// A header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// What every user of [`Client::signed_in`] signs in with.
pub const PASSWORD: &str = "a pond of many fish";
/// What a browser says of a form of this site's own page.
pub const FROM_HERE: [(&str, &str); 2] = [
    ("origin", "http://localhost:80"),
    ("sec-fetch-site", "same-origin"),
];

/// Asks a site without a network, as nobody or with a session.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// The site's database.
    pub store: Store,
    /// The site's desk.
    pub staff: Staff,
    session: Option<Session>,
}

#[derive(Clone)]
struct Session {
    user: UserId,
    login: String,
    token: String,
    csrf: String,
}

impl Client {
    /// Nobody's client of a site.
    #[must_use]
    pub fn of(site: impl Into<Arc<Site>>) -> Self {
        let site: Arc<Site> = site.into();
        Self {
            store: site.store.clone(),
            staff: site.staff.clone(),
            router: crate::router(site),
            session: None,
        }
    }

    /// The site, to be served.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The same site, asked by nobody.
    #[must_use]
    pub fn nobody(&self) -> Self {
        Self {
            session: None,
            ..self.clone()
        }
    }

    /// The same site, asked by a new user who holds this role, there or in the whole country.
    pub async fn signed_in(&self, role: Role, place: Option<&str>) -> Self {
        self.someone(Some((role, place.map(|code| code.parse().unwrap()))))
            .await
    }

    /// The same site, asked by a new user without any grant.
    pub async fn stranger(&self) -> Self {
        self.someone(None).await
    }

    async fn someone(&self, held: Option<(Role, Option<PlaceCode>)>) -> Self {
        let number = staff::users(&mut self.store.read().await.unwrap())
            .await
            .unwrap()
            .len();
        let login = format!("user-{number}");
        let new = NewUser {
            login: login.parse().unwrap(),
            display_name: format!("User {number}"),
        };
        let user = self.store.write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let user = staff::add_user(ctx, new).await?.into_inner();
                if let Some((role, place)) = held {
                    let _granted: Done<_> = staff::grant(ctx, user, role, place).await?;
                }
                Ok::<_, kernel::Refusal>(user)
            })
        });
        let user = user.await.unwrap();
        let link = self.staff.make_link(Actor::system(), user).await.unwrap();
        let secret = link.secret.as_str();
        let signed_in = self
            .staff
            .set_password_by_link(secret, PASSWORD, None)
            .await
            .unwrap();
        self.with_token(&login, signed_in.token.as_str()).await
    }

    /// The same site, asked with the cookie of a session.
    pub async fn with_token(&self, login: &str, token: &str) -> Self {
        let viewer = self.staff.viewer(token).await.unwrap();
        let session = Session {
            user: viewer.user.unwrap(),
            login: login.to_owned(),
            token: token.to_owned(),
            csrf: viewer.csrf.unwrap().as_str().to_owned(),
        };
        Self {
            session: Some(session),
            ..self.clone()
        }
    }

    fn session(&self) -> &Session {
        self.session.as_ref().unwrap()
    }

    /// Who asks.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.session().user
    }

    /// What they sign in with.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.session().login
    }

    /// The token in their cookie.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.session().token
    }

    /// The secret their forms bring back; empty for nobody.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |session| &session.csrf)
    }

    /// Any request, with the cookie of the session.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(method, path, headers, Body::from(body.to_owned()))
            .await
    }

    /// The same with a body of any kind.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(session) = &self.session {
            request = request.header("cookie", format!("fishpond={}", session.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    /// `GET` as a plain reader.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], "").await
    }

    /// `GET` with headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers, "").await
    }

    /// Sends a form of this site's own page, with the secret of the session.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", self.csrf()).extend_pairs(fields);
        self.post_raw(path, &FROM_HERE, &form.finish()).await
    }

    /// Sends a form as it is given, with nothing added but its kind and the cookie.
    pub async fn post_raw(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<(&str, &str)> = [kind].into_iter().chain(headers.iter().copied()).collect();
        self.ask(Method::POST, path, &headers, body).await
    }
}
