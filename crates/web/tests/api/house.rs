//! The site with its API, and persons with keys.

use axum::http::Method;
use kernel::{Actor, Role};
use lake::uploads::UploadLimits;
use people::staff::{Login, NewApiKey, NewUser, Scope, Staff, add_user, grant};
use serde_json::Value;
use tempfile::TempDir;
use web::testing::{Answer, Client, site, workshop};

pub(crate) const ORDERS: &str = "订单编号,行号,付款时间,产地县代码,商品编码,商品名称,数量,实付金额\n\
    A0001,1,2018-03-05 09:30:00,621226,P1,苹果,1,12.50\n";

/// The site with its API, and someone of the fund who may do there what a key can.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) client: Client,
    pub(crate) staff: Staff,
    pub(crate) store: store::Store,
}

pub(crate) async fn house() -> House {
    let folder = TempDir::new().unwrap();
    let mut site = site(folder.path()).await;
    let (staff, store) = (site.staff.clone(), site.store.clone());
    site.workshop = Some(workshop(&store, folder.path(), UploadLimits::default()).await);
    House {
        client: Client::of(site),
        staff,
        store,
        folder,
    }
}

impl House {
    /// A key of a new user.
    pub(crate) async fn key(&self, login: &str, role: Role, place: Option<&str>, scopes: &[Scope]) -> String {
        self.key_of(login, &[(role, place)], scopes).await
    }

    /// A key of someone who may do whatever a key can.
    pub(crate) async fn everyman(&self) -> String {
        let held = [(Role::Admin, None), (Role::Fund, None), (Role::Finance, None)];
        self.key_of("everyman", &held, &Scope::ALL).await
    }

    /// A key with every scope of a new user without any grant.
    pub(crate) async fn stranger(&self, login: &str) -> String {
        self.key_of(login, &[], &Scope::ALL).await
    }

    async fn key_of(&self, login: &str, held: &[(Role, Option<&str>)], scopes: &[Scope]) -> String {
        let login: Login = login.parse().unwrap();
        let parse = |code: &str| code.parse::<kernel::PlaceCode>().unwrap();
        let held: Vec<_> = held
            .iter()
            .map(|(role, place)| (*role, place.map(parse)))
            .collect();
        let user = self.store.write(Actor::system(), move |ctx| {
            Box::pin(async move {
                let display_name = login.to_string();
                let user = add_user(ctx, NewUser { login, display_name }).await?.into_inner();
                for (role, place) in held {
                    let _grant = grant(ctx, user, role, place).await?;
                }
                Ok::<_, kernel::Refusal>(user)
            })
        });
        let user = user.await.unwrap();
        let new = NewApiKey {
            user,
            name: "key".to_owned(),
            scopes: scopes.to_vec(),
            days: 30,
        };
        let made = self.staff.make_api_key(Actor::system(), new).await.unwrap();
        made.secret.as_str().to_owned()
    }

    pub(crate) async fn fund(&self) -> String {
        self.key("lan", Role::Fund, None, &Scope::ALL).await
    }

    /// `POST` of JSON.
    pub(crate) async fn say(&self, path: &str, key: &str, said: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.ask(Method::POST, path, key, &kind, &said.to_string()).await
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> Answer {
        self.ask(Method::GET, path, key, &[], "").await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        key: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let bearer = format!("Bearer {key}");
        let mut all = headers.to_vec();
        if !key.is_empty() {
            all.push(("authorization", &bearer));
        }
        self.client
            .ask(method, &format!("/api/v1{path}"), &all, body)
            .await
    }
}

pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap()
}

pub(crate) fn code(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = json(answer);
    assert_eq!(problem["status"], answer.status.as_u16());
    assert_eq!(problem["instance"], answer.header("x-request-id"));
    (
        answer.status.as_u16(),
        problem["code"].as_str().unwrap().to_owned(),
    )
}

/// The shapes of the document by name, under which [`misfits`] finds them.
pub(crate) async fn document(house: &House) -> (Value, Value) {
    let document = json(&house.get("/openapi.json", "").await);
    (document["components"]["schemas"].clone(), document)
}
