//! The tours of those who move money: the books, and batches of payments at every step of their way.

use anyhow::Result;

use crate::tour::{Tour, here, signed_in, stop, stops};
use crate::{Browser, Program, money};

/// Someone of the finance desk, with the books and every step of a batch.
pub(crate) fn finance(program: &Program) -> Result<Tour> {
    let browser = signed_in(program, "wang")?;
    let mut found = stops(&[
        ("books", "/staff/books"),
        ("books-owner", "/staff/books?owner=county:621226"),
        ("books-account", "/staff/books/accounts/assets:desk:bank"),
        (
            "books-account-none",
            "/staff/books/accounts/assets:desk:bank?from=2017-01-01&through=2017-12-31",
        ),
        ("books-entries", "/staff/books/entries"),
        ("books-entry", "/staff/books/entries/1"),
        ("books-entry-new", "/staff/books/entries/new"),
        ("books-holds", "/staff/books/holds"),
        ("books-holds-none", "/staff/books/holds?state=expired"),
        ("books-hold", "/staff/books/holds/1"),
        ("books-trial-balance", "/staff/books/trial-balance"),
        ("books-periods", "/staff/books/periods"),
        ("payments", "/staff/payments"),
        ("payments-new", "/staff/payments/new"),
        ("payments-answers", "/staff/payments/answers"),
    ]);
    for (name, key) in [
        ("payments-batch-draft", money::DRAFT),
        ("payments-batch-waits", money::WAITS),
        ("payments-batch-out", money::OUT),
    ] {
        found.push(stop(name, &listed(program, &browser, "/staff/payments", key)?));
    }
    browser.follow("#payments ~ .wrap tbody tr:nth-child(2) th a")?;
    found.push(stop("payments-payment", &here(program, &browser)?));
    browser.follow("#entries ~ ul a")?;
    found.push(stop("books-entry-of-payment", &here(program, &browser)?));
    let answer = listed(program, &browser, "/staff/payments/answers", "ICBC-20180703-1")?;
    found.push(stop("payments-answer", &answer));
    found.push(stop("payments-answer-again", &format!("{answer}?again=1")));
    Ok(Tour {
        browser,
        stops: found,
    })
}

/// Someone who is to approve a batch, and to record what is handed out.
pub(crate) fn approver(program: &Program) -> Result<Tour> {
    let browser = signed_in(program, "chen")?;
    let waits = listed(program, &browser, "/staff/payments", money::WAITS)?;
    listed(program, &browser, "/staff/payments", money::CASH)?;
    browser.follow("#payments ~ .wrap tbody tr:nth-child(1) th a")?;
    let hand_out = here(program, &browser)?;
    let stops = stops(&[
        ("payments-batch-approve", &waits),
        ("payments-hand-out", &hand_out),
    ]);
    Ok(Tour { browser, stops })
}

/// Follows the row of a list that is called so; the path it leads to.
fn listed(program: &Program, browser: &Browser, list: &str, name: &str) -> Result<String> {
    browser.open(&program.url(list))?;
    let found = format!(
        "var a = Array.from(document.querySelectorAll('tbody th a')).find(a => a.textContent === '{name}'); \
         a.id = 'found'; return a.href"
    );
    browser.run(&found)?;
    browser.follow("#found")?;
    here(program, browser)
}
