//! A server on a loopback port, asked by Schemathesis for everything that its document allows and more: no fault of ours,
//! no answer outside its shape. Passed over where `FISHPOND_TEST_SCHEMATHESIS` names no Python that has it.

use std::process::Command;

use crate::house::house;

/// What is asked of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

#[tokio::test(flavor = "multi_thread")]
async fn no_request_made_from_the_document_finds_an_answer_outside_it() {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no settings but their environment"
    )]
    let Some(python) = std::env::var_os("FISHPOND_TEST_SCHEMATHESIS") else {
        return;
    };
    let house = house().await;
    let key = house.everyman().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1/openapi.json", listener.local_addr().unwrap());
    let served = tokio::spawn(axum::serve(listener, house.client.router()).into_future());
    // It leaves notes where it runs.
    let notes = tempfile::TempDir::new().unwrap();
    let asked = tokio::task::spawn_blocking(move || {
        Command::new(python)
            .current_dir(notes.path())
            .args(["-m", "schemathesis.cli", "run", &url, "--checks", CHECKS])
            .args(["--header", &format!("Authorization: Bearer {key}")])
            .args([
                "--max-examples",
                "15",
                "--seed",
                "1",
                "--no-color",
                "--generation-database",
                "none",
            ])
            .output()
    });
    let output = asked.await.unwrap().unwrap();
    served.abort();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
